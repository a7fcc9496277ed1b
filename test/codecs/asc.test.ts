import assert from 'node:assert/strict'
import { test } from 'node:test'
import asc from '../../codecs/asc/index.js'
import { codecContract } from '../contract/codec.js'
import { batchOf } from '../support/batch.js'
import { error, fd, plain, rawLength, requestOn } from '../support/can-records.js'
import { codecOf, parsedOf, recordsOf, textOf } from '../support/codec.js'

const request = requestOn('can1')
/** The form of ASC says that there was an error, and not which. */
const busError = { ...error, id: 0x80, data: '00'.repeat(8) }

const date = 'date Sat Sep 30 03:06:13.191 pm 2017'
const begun = { seconds: new Date(2017, 8, 30, 15, 6, 13).getTime() / 1000, nanoseconds: 191_000_000 }

codecContract('asc', {
  create: () => codecOf(asc),
  stream: `${date}
base hex  timestamps absolute
internal events logged
Begin Triggerblock Sat Sep 30 03:06:13.191 pm 2017
   0.000000 Start of measurement
   3.098426 1  123             Rx   d 2 11 A2  Length = 273910 BitCount = 141 ID = 291
   3.501000 1  ErrorFrame
   3.501001 2  12345678x       Tx   r 5
End TriggerBlock
`,
  records: [plain, busError, request],
  garbage: ['noise', '1.0 1 123 Rx d 2 11', '1.0 CANFD 1 Rx'],
  oversize: `1.0 1 123 Rx d 2 11 A2 ${'x'.repeat(200)}\n`,
  head: `${date}\nbase hex  timestamps absolute\n`,
  written: [[plain], [request], [fd], [error, busError], [rawLength], [{ id: 0x123, data: '11a2' }, plain]],
  refused: [{}, { id: 'x' }, { id: 1, data: 'odd' }],
  times: {},
  precision: 999,
})

test('stamps count from the date of the head; without one frames have no time of their own', () => {
  const [, dated] = parsedOf(codecOf(asc), `${date}\n1.0 1 1 Rx d 0\n2.5 1 1 Rx d 0`)
  assert.deepEqual(dated?.time, { seconds: begun.seconds + 2, nanoseconds: 691_000_000 })
  const [undated] = parsedOf(codecOf(asc), '2.5 1 1 Rx d 0')
  assert.equal(undated?.time, undefined)
})

test('channels have the names of buses that the user says, both ways', () => {
  const codec = codecOf(asc, { channels: ['body', 'drive'] })
  assert.deepEqual(
    recordsOf(codec, '1.0 2 1 Rx d 0\n1.0 3 1 Rx d 0').map((record) => record['bus']),
    ['drive', 'can2'],
  )
  const text = textOf(
    codec,
    ['drive', 'can8', 'other', 'can999'].map((bus) => ({ ...plain, bus })),
  )
  assert.deepEqual(
    text
      .split('\n')
      .slice(3, -1)
      .map((line) => line.slice(12, 15).trim()),
    ['2', '9', '1', '255'],
  )
})

test('a file that goes on has no head, and its stamps count as before', () => {
  const { formatter } = codecOf(asc)
  const textAt = (seconds: number, make: 'format' | 'more'): string => {
    const bytes = formatter?.[make]?.(batchOf([{ seconds, record: plain }]).chunks)
    return Buffer.from(bytes ?? []).toString()
  }
  assert.match(textAt(1_700_000_000, 'format'), /^date [^]* {3}0\.000000 1  123 {13}Rx {3}d 2 11 A2\n$/)
  assert.equal(textAt(1_700_000_007, 'more'), '   7.000000 1  123             Rx   d 2 11 A2\n')
  assert.match(textAt(1_700_000_009, 'format'), /^date [^]* {3}9\.000000 1/)
})
