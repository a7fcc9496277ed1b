import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { didYouMean, editDistance, nearest } from '../../../src/base/nearest.js'

describe('nearest', () => {
  const known = ['interval', 'tag', 'match', 'match_regex', 'alias', 'memory_limit']
  const cases: [string, string | undefined][] = [
    ['interva', 'interval'],
    ['intervall', 'interval'],
    ['itnerval', 'interval'],
    ['TAG', 'tag'],
    ['tga', 'tag'],
    ['mach', 'match'],
    ['match_regexp', 'match_regex'],
    ['memorylimit', 'memory_limit'],
    ['x', undefined],
    ['port', undefined],
    ['', undefined],
  ]
  for (const [word, expected] of cases) {
    test(`takes "${word}" for ${expected ?? 'nothing'}`, () => assert.equal(nearest(word, known), expected))
  }

  test('prefers the nearer of two', () => assert.equal(nearest('match_rege', ['match', 'match_regex']), 'match_regex'))

  test('ends a message with the word, or with nothing', () => {
    assert.equal(didYouMean('tga', known), '; did you mean "tag"?')
    assert.equal(didYouMean('port', known), '')
  })
})

describe('editDistance', () => {
  const cases: [string, string, number][] = [
    ['', '', 0],
    ['', 'abc', 3],
    ['abc', '', 3],
    ['abc', 'abc', 0],
    ['abc', 'acb', 1],
    ['kitten', 'sitting', 3],
  ]
  for (const [from, to, expected] of cases) {
    test(`is ${expected} from "${from}" to "${to}"`, () => assert.equal(editDistance(from, to), expected))
  }
})
