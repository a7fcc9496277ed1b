import assert from 'node:assert/strict'
import { test } from 'node:test'
import trc from '../../codecs/trc/index.js'
import { codecContract } from '../contract/codec.js'
import { error, fd, plain, rawLength, requestOn } from '../support/can-records.js'
import { codecOf, parsedOf, recordsOf, textOf } from '../support/codec.js'

const request = requestOn('can1')
/** The form of TRC says that there was an error, and not which. */
const busError = { ...error, id: 0x80, data: '00'.repeat(8) }

const head = ';$FILEVERSION=2.1\n;$STARTTIME=43008.6292036227\n;$COLUMNS=N,O,T,B,I,d,R,L,D\n'
const begun = new Date(2017, 8, 30, 15, 6, 3).getTime() / 1000

codecContract('trc', {
  create: () => codecOf(trc),
  stream: `${head};
      1      3098.426 DT 1     0123 Rx -  2 11 A2
      2      3501.000 ER 1        - Rx -  0
      3      3502.000 ST 1        - Rx -  4 00 00 00 08
      4      3501.001 RR 2 12345678 Tx -  5
`,
  records: [plain, busError, request],
  garbage: ['noise', '1 1.0 DT 1 0123 Rx - 2 11', '1 1.0 DT 1'],
  oversize: `1 1.0 DT 1 0123 Rx - 2 11 A2 ${'x'.repeat(200)}\n`,
  head,
  written: [[plain], [request], [fd], [error, busError], [rawLength], [{ id: 0x123, data: '11a2' }, plain]],
  refused: [{}, { id: 'x' }, { id: 1, data: 'odd' }],
  times: {},
  precision: 999,
})

test('stamps count from the start in the head; without one frames have no time of their own', () => {
  const line = '1 1500.25 DT 1 0123 Rx - 0'
  const dated = parsedOf(codecOf(trc), head + line).at(-1)
  assert.deepEqual(dated?.time, { seconds: begun + 1, nanoseconds: 693_250_000 })
  const undated = parsedOf(codecOf(trc), ';$FILEVERSION=1.1\n     1)      1500.2  Rx         0123  0').at(-1)
  assert.equal(undated?.time, undefined)
  assert.equal(undated?.record['id'], 0x123)
})

test('buses have the names that the user says, both ways', () => {
  const codec = codecOf(trc, { channels: ['body', 'drive'] })
  const lines = ['2', '3'].map((bus) => `1 1.0 DT ${bus} 0123 Rx - 0\n`)
  assert.deepEqual(
    recordsOf(codec, head + lines.join('')).map((record) => record['bus']),
    ['drive', 'can2'],
  )
  const written = textOf(
    codec,
    ['drive', 'can8', 'other'].map((bus) => ({ ...plain, bus })),
  )
  assert.deepEqual(
    written
      .split('\r\n')
      .slice(3, -1)
      .map((line) => line.split(/ +/)[4]),
    ['2', '9', '1'],
  )
})
