import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { type ConfigNode, positionText, problemText } from '../../../src/config/node.js'
import { parseYaml } from '../../../src/config/yaml.js'

/** Values alone, and `at` for the places. */
function plain(node: ConfigNode | undefined): unknown {
  if (node === undefined) return undefined
  if (node.kind === 'scalar') return node.value
  if (node.kind === 'list') return node.items.map(plain)
  return Object.fromEntries(node.entries.map(({ key, value }) => [key, plain(value)]))
}

function places(node: ConfigNode | undefined): string[] {
  if (node === undefined || node.kind === 'scalar') return node ? [positionText(node.position)] : []
  if (node.kind === 'list') return [positionText(node.position), ...node.items.flatMap(places)]
  return node.entries.flatMap(({ position, value }) => [positionText(position), ...places(value)])
}

describe('parseYaml', () => {
  const values: [string, string, unknown][] = [
    ['maps, lists and scalars', 'a: 1\nb:\n  - x\n  - "1"\n  - {c: null}', { a: 1, b: ['x', '1', { c: null }] }],
    ['quotes and escapes', `a: 'it''s'\nb: "tab\\t"`, { a: "it's", b: 'tab\t' }],
    ['text in blocks', 'a: |\n  one\n  two\nb: >-\n  one\n  two', { a: 'one\ntwo\n', b: 'one two' }],
    ['keys without a value', 'a:\nb: 1', { a: null, b: 1 }],
    ['dates as text', 'a: 2026-11-23', { a: '2026-11-23' }],
    ['aliases', 'a: &x {b: 1}\nc: *x', { a: { b: 1 }, c: { b: 1 } }],
    [
      'merges, where the map wins',
      'a: &x {b: 1, c: 1}\nd:\n  <<: *x\n  c: 2',
      { a: { b: 1, c: 1 }, d: { c: 2, b: 1 } },
    ],
    [
      'merges of several maps',
      'a: &x {b: 1}\ne: &y {b: 2, f: 3}\nd:\n  <<: [*x, *y]',
      { a: { b: 1 }, e: { b: 2, f: 3 }, d: { b: 1, f: 3 } },
    ],
    ['a document behind its mark', '---\na: 1\n', { a: 1 }],
    [
      'keys that objects have',
      '__proto__: 1\nconstructor: 2',
      Object.fromEntries([
        ['__proto__', 1],
        ['constructor', 2],
      ]),
    ],
  ]
  for (const [name, source, expected] of values) {
    test(`reads ${name}`, () => {
      const { root, problems } = parseYaml(source, 'f')
      assert.deepEqual(problems, [])
      assert.deepEqual(plain(root), expected)
    })
  }

  test('reads nothing from an empty file', () => {
    for (const source of ['', '\n', '# only a comment\n', '---\n']) {
      assert.ok([undefined, null].includes(plain(parseYaml(source, 'f').root) as null), source)
    }
  })

  test('tells the place of every key and value', () => {
    const { root } = parseYaml('a: 1\nbb:\n  - "q"\n  -  c: d\ne:\n', 'f')
    assert.deepEqual(places(root), ['f:1:1', 'f:1:4', 'f:2:1', 'f:3:3', 'f:3:5', 'f:4:6', 'f:4:9', 'f:5:1', 'f:5:1'])
  })

  const wrong: [string, string, string][] = [
    ['a key that is given twice', 'a: 1\nb: 2\na: 3', 'f:3:1: error: "a" is given already at f:1:1'],
    ['an alias without an anchor', 'a: *x', 'f:1:4: error: unknown alias "*x"; the anchor "&x" must stand before it'],
    [
      'an alias within its own anchor',
      'a: &x [*x]',
      'f:1:8: error: unknown alias "*x"; the anchor "&x" must stand before it',
    ],
    ['a type', 'a: !!binary aGk=', 'f:1:4: error: a type such as "!!binary" is not offered; leave it out'],
    ['a key that is no text', '[1]: 2', 'f:1:1: error: expected a name, got a list'],
    ['a merge of no map', 'a:\n  <<: 1', 'f:2:7: error: expected a map to merge, got "1"'],
    ['two documents', 'a: 1\n---\nb: 2', 'f:1:4: error: expected one YAML document, got several'],
  ]
  for (const [name, source, expected] of wrong) {
    test(`refuses ${name}`, () => assert.deepEqual(parseYaml(source, 'f').problems.map(problemText), [expected]))
  }

  const unreadable = ['a: [1', 'a: b: c', '"open', '\ta: 1', 'a: "\\q"', '{', '- a\nb: 1', '[['.repeat(200)]
  for (const source of unreadable) {
    test(`tells where ${JSON.stringify(source.slice(0, 20))} is no YAML`, () => {
      const [problem] = parseYaml(source, 'f').problems
      assert.match(problem?.message ?? '', /^no YAML: /)
      assert.ok((problem?.position.line ?? 0) > 0)
    })
  }

  test('refuses aliases that grow without bound', () => {
    const lines = ['a0: &a0 [1,1,1,1,1,1,1,1,1,1]']
    for (let level = 1; level < 9; level++)
      lines.push(
        `a${level}: &a${level} [${Array(10)
          .fill(`*a${level - 1}`)
          .join(',')}]`,
      )
    const [problem] = parseYaml(lines.join('\n'), 'f').problems
    assert.match(problem?.message ?? '', /more than 50000 values/)
  })

  test('never throws', () => {
    const pieces = fc.constantFrom(
      'a',
      ': ',
      '\n',
      '  ',
      '- ',
      '[',
      ']',
      '{',
      '}',
      '"',
      "'",
      '&x',
      '*x',
      '<<',
      '|',
      '>',
      '#',
      '!',
      '---',
      '\t',
      '%',
      '?',
    )
    const source = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(pieces, { maxLength: 40 }).map((parts) => parts.join('')),
    )
    fc.assert(
      fc.property(source, (text) => Array.isArray(parseYaml(text, 'f').problems)),
      { numRuns: 2000 },
    )
  })
})
