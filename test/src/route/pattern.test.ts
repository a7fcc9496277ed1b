import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { compilePattern, type Pattern } from '../../../src/route/pattern.js'

const cases: [string, Pattern, string[], string[]][] = [
  ['a pattern without a star takes that tag alone', { match: 'cpu.0' }, ['cpu.0'], ['cpu.01', 'xcpu.0', 'cpuX0', '']],
  ['a star takes everything', { match: '*' }, ['', 'a', 'a.b\nc'], []],
  ['a star takes dots too', { match: 'a.*' }, ['a.', 'a.b', 'a.b.c'], ['a', 'b.a.c']],
  ['a star may stand first', { match: '*.log' }, ['x.log', '.log'], ['x.logs']],
  ['stars may stand anywhere', { match: 'a*b*c' }, ['abc', 'a1b2c', 'abbc'], ['ab', 'acb']],
  ['stars side by side are one', { match: 'a***b' }, ['ab', 'a.b'], ['a']],
  ['signs of regular expressions are plain in a pattern', { match: 'a+(b)*' }, ['a+(b)', 'a+(b)c'], ['aab']],
  ['a regular expression fits the start', { match_regex: 'vehicle|kube' }, ['vehicle.can0', 'kube.x'], ['my.vehicle']],
  ['a regular expression may fit the end', { match_regex: String.raw`.*\d$` }, ['cpu.0'], ['cpu.x']],
  ['either pattern is enough', { match: 'a', match_regex: 'b' }, ['a', 'bc'], ['ab']],
  ['no pattern takes nothing', {}, [], ['', 'a']],
]

describe('compilePattern', () => {
  for (const [name, pattern, taken, refused] of cases) {
    test(name, () => {
      const takes = compilePattern(pattern)
      assert.deepEqual(
        [...taken, ...refused].filter((tag) => takes(tag)),
        taken,
      )
    })
  }

  test('many stars are matched in a short time', () => {
    const takes = compilePattern({ match: `${'*'.repeat(1000)}b` })
    assert.equal(takes('a'.repeat(10_000)), false)
  })

  test('throws for a regular expression that is none', () => {
    assert.throws(() => compilePattern({ match_regex: '(' }), SyntaxError)
  })
})
