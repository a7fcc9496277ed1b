import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { parseClassic } from '../../../src/config/classic.js'
import { positionText, problemText } from '../../../src/config/node.js'

function partsOf(source: string): unknown[] {
  return parseClassic(source, 'f').parts.map((part) => {
    if (part.kind === 'include') return ['include', part.pattern, positionText(part.position)]
    const entries = part.kind === 'set' ? [part.entry] : part.map.entries
    const told = entries.map(({ key, value }) => `${key}=${value.kind === 'scalar' ? value.text : ''}`)
    return [part.kind === 'set' ? 'set' : part.section, ...told]
  })
}

describe('parseClassic', () => {
  test('reads sections, comments and commands in their order', () => {
    const source = `# a comment
@SET name=value with spaces
[SERVICE]
    Flush 1
    # another
    Log_Level   info

@INCLUDE more/*.conf
[Input]\r
\tName cpu\r
[OUTPUT]
  Name stdout
  Match *
`
    assert.deepEqual(partsOf(source), [
      ['set', 'name=value with spaces'],
      ['service', 'flush=1', 'log_level=info'],
      ['include', 'more/*.conf', 'f:8:10'],
      ['input', 'name=cpu'],
      ['output', 'name=stdout', 'match=*'],
    ])
    assert.deepEqual(parseClassic(source, 'f').problems, [])
  })

  test('keeps a hash and blanks within a value', () => {
    assert.deepEqual(partsOf('[FILTER]\n  Regex log  # not a comment'), [['filter', 'regex=log  # not a comment']])
  })

  test('keeps every value of a key that stands several times', () => {
    assert.deepEqual(partsOf('[FILTER]\n  Regex a x\n  Regex b y'), [['filter', 'regex=a x', 'regex=b y']])
  })

  test('tells the place of every key and value', () => {
    const [part] = parseClassic('[INPUT]\n    Name   cpu', 'f').parts
    assert.ok(part?.kind === 'section')
    const places = part.map.entries.flatMap(({ position, value }) => [position, value.position])
    assert.deepEqual([part.map.position, ...places].map(positionText), ['f:1:1', 'f:2:5', 'f:2:12'])
  })

  const wrong: [string, string, string][] = [
    ['a section that is not known', '[INPT]', 'f:1:1: error: unknown section "[INPT]"; did you mean "INPUT"?'],
    [
      'a section that is like no other',
      '[XYZZY]',
      'f:1:1: error: unknown section "[XYZZY]"; there are service, input, filter, output, parser, upstream, node',
    ],
    [
      'a section that is not offered',
      '[MULTILINE_PARSER]\n  name x',
      'f:1:1: error: section "[MULTILINE_PARSER]" is not offered; there is no multiline parser',
    ],
    ['a section that is not closed', '[INPUT', 'f:1:1: error: expected a section such as "[INPUT]", got "[INPUT"'],
    [
      'a key before any section',
      '  Name cpu',
      'f:1:3: error: expected a section such as "[INPUT]" first, got "Name cpu"',
    ],
    ['a key without a value', '[INPUT]\n  Name', 'f:2:3: error: expected a value behind "Name"'],
    ['a key that is not indented', '[INPUT]\nName cpu', 'f:2:1: error: expected this line to be indented'],
    [
      'a key that is indented otherwise',
      '[INPUT]\n  Name cpu\n    Tag x',
      'f:3:5: error: expected this line to be indented like the first of its section',
    ],
    [
      'a command that is not known',
      '@INCLUD x',
      'f:1:1: error: expected "@INCLUDE file" or "@SET name=value", got "@INCLUD x"',
    ],
    [
      'a variable without a value',
      '@SET x',
      'f:1:1: error: expected "@INCLUDE file" or "@SET name=value", got "@SET x"',
    ],
  ]
  for (const [name, source, expected] of wrong) {
    test(`refuses ${name}`, () => assert.deepEqual(parseClassic(source, 'f').problems.map(problemText), [expected]))
  }

  test('never throws', () => {
    const pieces = fc.constantFrom(
      '[INPUT]',
      '[',
      ']',
      '\n',
      '  ',
      '\t',
      'key',
      ' value',
      '@SET ',
      '@INCLUDE ',
      '=',
      '#',
      '\r',
      '${',
      '}',
    )
    const source = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(pieces, { maxLength: 40 }).map((parts) => parts.join('')),
    )
    fc.assert(
      fc.property(source, (text) => Array.isArray(parseClassic(text, 'f').problems)),
      { numRuns: 2000 },
    )
  })
})
