import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { coreScalar } from '../../../src/config/core-scalar.js'

describe('coreScalar', () => {
  const cases: [string, unknown][] = [
    ['', null],
    ['~', null],
    ['null', null],
    ['true', true],
    ['FALSE', false],
    ['yes', 'yes'],
    ['on', 'on'],
    ['0', 0],
    ['-12', -12],
    ['+7', 7],
    ['007', 7],
    ['0o17', 15],
    ['0xff', 255],
    ['1.5', 1.5],
    ['1e3', 1000],
    ['.5', 0.5],
    ['-.inf', -Infinity],
    ['.nan', Number.NaN],
    ['9007199254740993', 9007199254740993n],
    ['-9007199254740993', -9007199254740993n],
    ['2026-11-23', '2026-11-23'],
    ['1s', '1s'],
    ['1_000', '1_000'],
    ['nullable', 'nullable'],
  ]
  for (const [text, value] of cases) {
    test(`reads ${JSON.stringify(text)}`, () => assert.deepEqual(coreScalar(text), value))
  }
})
