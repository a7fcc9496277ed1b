import assert from 'node:assert/strict'
import { test } from 'node:test'
import { grown, kibibytesOf, wordsOf } from '../../../src/host/index.js'

const meminfo = 'MemTotal:       24684084 kB\nMemFree:        23949968 kB\nHugePages_Total:       0\nSwapFree:\n'

const kibibytes: [name: string, key: string, expected: number | undefined][] = [
  ['the first line', 'MemTotal', 24_684_084],
  ['a line further down', 'MemFree', 23_949_968],
  ['a line without a unit', 'HugePages_Total', 0],
  ['a key that is the end of another', 'Total', undefined],
  ['a key that is the beginning of another', 'Mem', undefined],
  ['a key that is missing', 'MemAvailable', undefined],
  ['a line without a number', 'SwapFree', undefined],
]

test('the number behind a key is found only where the key is whole', async (t) => {
  assert.ok(kibibytes.length > 0)
  for (const [name, key, expected] of kibibytes) {
    await t.test(name, () => assert.equal(kibibytesOf(meminfo, key), expected))
  }
})

test('words are what stands between spaces', () => {
  assert.deepEqual(wordsOf('   8       0 sda 1\t2 '), ['8', '0', 'sda', '1', '2'])
  assert.deepEqual(wordsOf(''), [])
})

test('a counter that went back tells nothing', () => {
  assert.equal(grown(5, 12), 7)
  assert.equal(grown(5, 5), 0)
  assert.equal(grown(12, 5), undefined)
})
