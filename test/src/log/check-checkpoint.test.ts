import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkCheckpoint } from '../../../src/log/check-checkpoint.js'
import { withSum } from '../../../src/log/checkpoint-text.js'

const cursor = { position: 3, settled: [[5, 7]] }
const good = {
  version: 1,
  clean: true,
  lanes: { default: { next: 9, cursors: { 'out.0': cursor } } },
  ledger: { inputs: {}, filters: {}, outputs: {} },
}

function withCursor(changed: object): object {
  return { ...good, lanes: { default: { next: 9, cursors: { 'out.0': { ...cursor, ...changed } } } } }
}

const where = 'lanes.default.cursors.out.0'

const cases: readonly (readonly [name: string, checkpoint: unknown, problem: string | undefined])[] = [
  ['a good one', good, undefined],
  ['one of no lanes', { ...good, lanes: {} }, undefined],
  ['a list', [], 'expected a JSON object, got []'],
  ['a newer one', { ...good, version: 2 }, 'expected version: 1, got 2, of a newer Sluice'],
  ['one without a version', {}, 'expected version: 1, got none'],
  ['clean', { ...good, clean: 1 }, 'expected clean: true or false, got 1'],
  ['lanes', { ...good, lanes: 3 }, 'expected lanes: an object, got 3'],
  ['the ledger', { ...good, ledger: null }, 'expected ledger: an object, got null'],
  ['figures', { ...good, ledger: { inputs: {}, filters: {} } }, 'expected ledger.outputs: figures by ids, got none'],
  ['a lane', { ...good, lanes: { a: 1 } }, 'expected lanes.a: an object, got 1'],
  ['where a lane ends', { ...good, lanes: { a: { next: -1 } } }, 'expected lanes.a.next: a sequence, got -1'],
  ['cursors', { ...good, lanes: { a: { next: 1 } } }, 'expected lanes.a.cursors: an object, got none'],
  ['a position', withCursor({ position: 10 }), `expected ${where}.position: a sequence up to 9, got 10`],
  ['no position', withCursor({ position: undefined }), `expected ${where}.position: a sequence up to 9, got none`],
  [
    'ranges before it',
    withCursor({ settled: [[2, 4]] }),
    `expected ${where}.settled: ranges in order from 3 to 9, got [[2,4]]`,
  ],
  [
    'an empty range',
    withCursor({ settled: [[5, 5]] }),
    `expected ${where}.settled: ranges in order from 3 to 9, got [[5,5]]`,
  ],
  [
    'ranges out of order',
    withCursor({
      settled: [
        [7, 8],
        [5, 6],
      ],
    }),
    `expected ${where}.settled: ranges in order from 3 to 9, got [[7,8],[5,6]]`,
  ],
]

for (const [name, checkpoint, problem] of cases) {
  test(`a checkpoint: ${name}`, () => {
    const text = JSON.stringify(checkpoint)
    const findings = checkCheckpoint(problem === undefined ? withSum(text) : text)
    const found = findings.map(({ expected, got }) => `expected ${expected}, got ${got}`)
    assert.deepEqual(found, problem === undefined ? [] : [problem])
  })
}

test('a checkpoint whose fields are right and whose sum is not', () => {
  const text = withSum(
    JSON.stringify({ version: 1, clean: true, lanes: {}, ledger: { inputs: {}, filters: {}, outputs: {} } }),
  )
  const [finding, ...others] = checkCheckpoint(text.replace('true', 'false'))
  assert.deepEqual(others, [])
  assert.match(finding?.expected ?? '', /^sum: the CRC-32/)
})

test('a checkpoint that is no JSON is shown by its beginning', () => {
  assert.deepEqual(checkCheckpoint(''), [{ expected: 'a JSON object', got: 'nothing' }])
  assert.deepEqual(checkCheckpoint('{'.repeat(100)), [{ expected: 'a JSON object', got: `${'{'.repeat(60)}…` }])
})
