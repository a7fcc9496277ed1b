import assert from 'node:assert/strict'
import { test } from 'node:test'
import candump from '../../codecs/candump/index.js'
import { codecContract } from '../contract/codec.js'
import { error, fd, plain, rawLength, requestOn } from '../support/can-records.js'
import { codecOf, parsedOf, recordsOf, textOf } from '../support/codec.js'

const request = requestOn('vcan1')

codecContract('candump', {
  create: () => codecOf(candump),
  stream: `(1436509052.249713) can0 123#11A2
# a comment

 (1436509052.249713)  can0  20000004   [8]  00 04 00 00 00 00 00 00   ERRORFRAME
(1436509052.249713) vcan1 12345678#R5 T
`,
  records: [plain, error, request],
  garbage: ['noise', '(1.2) can0 123#1', '(1.2', 'can0 123'],
  oversize: `(1436509052.249713) can0 123#${'1'.repeat(200)}\n`,
  written: [[plain], [request], [fd], [error], [rawLength], [{ id: 0x123, data: '11a2' }, plain]],
  refused: [{}, { id: 'x' }, { id: 1, data: 'odd' }, { message: 'hello' }],
  times: {},
  precision: 999,
})

test('a log has the time of its frames, a stamp that is relative is none', () => {
  const [absolute, relative] = parsedOf(
    codecOf(candump),
    '(1436509052.249713001) can0 1#\n(000.000100)  can0  001   [0] ',
  )
  assert.deepEqual(absolute?.time, { seconds: 1_436_509_052, nanoseconds: 249_713_001 })
  assert.equal(relative?.time, undefined)
})

test('lines are those of candump -L, or of candump -N', () => {
  assert.equal(textOf(codecOf(candump), [plain]), '(1700000000.000000) can0 123#11A2 R\n')
  assert.equal(textOf(codecOf(candump, { precision: 'ns' }), [plain]), '(1700000000.000000000) can0 123#11A2 R\n')
})

test('a record that names no bus is of the one that the user says', () => {
  assert.equal(textOf(codecOf(candump, { bus: 'body' }), [{ id: 1 }]), '(1700000000.000000) body 001# R\n')
  assert.equal(textOf(codecOf(candump), [{ id: 1, bus: 'two words' }]), '(1700000000.000000) two_words 001# R\n')
})

test('a line that cannot be read is shown in the error', () => {
  assert.throws(() => recordsOf(codecOf(candump), 'hello'), {
    code: 'CAN_LINE',
    message: 'candump: expected a frame of a CAN bus, got "hello"',
  })
  assert.throws(() => recordsOf(codecOf(candump), 'x'.repeat(5000)), { code: 'CAN_LINE' })
})
