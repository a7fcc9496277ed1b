import assert from 'node:assert/strict'
import { test } from 'node:test'
import proto from 'sparkplug-payload/lib/sparkplugPayloadProto.js'
import sparkplug from '../../codecs/sparkplug/index.js'
import { codecOf, parsedOf, recordsOf } from '../support/codec.js'
import { batchOf } from '../support/batch.js'

const { Payload, DataType } = proto.org.eclipse.tahu.protobuf

/** A payload as the implementation of the Eclipse Foundation writes it. */
function written(metrics: object[], timestamp = 1_700_000_000_000): Uint8Array {
  return Payload.encode(Payload.fromObject({ timestamp, seq: 1, metrics })).finish()
}

const types: readonly [keyof typeof DataType, object, unknown][] = [
  ['Int8', { intValue: 0xff }, -1],
  ['Int8', { intValue: 0xffffffff }, -1],
  ['Int16', { intValue: 0x8000 }, -32_768],
  ['Int32', { intValue: 0xfffffffe }, -2],
  ['Int64', { longValue: '18446744073709551615' }, -1],
  ['Int64', { longValue: '9007199254740993' }, 9_007_199_254_740_993n],
  ['UInt8', { intValue: 255 }, 255],
  ['UInt32', { intValue: 4_294_967_295 }, 4_294_967_295],
  ['UInt64', { longValue: '18446744073709551615' }, 18_446_744_073_709_551_615n],
  ['Float', { floatValue: 0.5 }, 0.5],
  ['Double', { doubleValue: 0.1 }, 0.1],
  ['Boolean', { booleanValue: false }, false],
  ['String', { stringValue: 'é' }, 'é'],
  ['DateTime', { longValue: 1_700_000_000_000 }, 1_700_000_000_000],
  ['Int32', { isNull: true }, null],
  ['DataSet', { datasetValue: { numOfColumns: 1, columns: ['a'], types: [3] } }, null],
]
for (const [type, value, expected] of types) {
  test(`a metric of ${type} with ${JSON.stringify(value)} is ${String(expected)}`, () => {
    const payload = written([{ name: 'm', datatype: DataType[type], ...value }])
    assert.deepEqual(recordsOf(codecOf(sparkplug), payload), [{ m: expected }])
  })
}

test('bytes are bytes', () => {
  const [record] = recordsOf(
    codecOf(sparkplug),
    written([{ name: 'm', datatype: 17, bytesValue: Buffer.from([1, 255]) }]),
  )
  assert.deepEqual(Buffer.from(record?.['m'] as Uint8Array), Buffer.from([1, 255]))
})

test('metrics of one time are one event, those of others are events of their own', () => {
  const at = (name: string, timestamp?: number) => ({
    name,
    datatype: 11,
    booleanValue: true,
    ...(timestamp ? { timestamp } : {}),
  })
  const parsed = parsedOf(codecOf(sparkplug), written([at('a', 1500), at('b'), at('c', 1500)], 2001))
  assert.deepEqual(parsed, [
    { record: { a: true, c: true }, time: { seconds: 1, nanoseconds: 500_000_000 } },
    { record: { b: true }, time: { seconds: 2, nanoseconds: 1_000_000 } },
  ])
})

const birth = written([{ name: 'load', alias: 7, datatype: DataType.Int16, intValue: 1 }])
const data = written([{ alias: 7, intValue: 0xffff }])

test('a metric without a name is called by its alias', () => {
  const codec = codecOf(sparkplug)
  recordsOf(codec, birth)
  assert.deepEqual(recordsOf(codec, data), [{ 7: 65_535 }])
})

test('with aliases the name and the type of its birth take their place', () => {
  const codec = codecOf(sparkplug, { aliases: true })
  recordsOf(codec, birth)
  assert.deepEqual(recordsOf(codec, data), [{ load: -1 }])
})

test('what is written is read by others, and read again is the same', () => {
  const codec = codecOf(sparkplug)
  const record = { whole: -5, part: 0.5, on: true, text: 'a', in: { it: 1 }, list: [1], none: null, large: 2n ** 60n }
  const { chunks } = batchOf([
    { seconds: 7, nanoseconds: 5_000_000, record },
    { seconds: 8, record: { whole: 6 } },
  ])
  const bytes = codec.formatter?.format(chunks) ?? new Uint8Array()
  const metrics = Payload.decode(bytes).metrics.map(({ name, datatype, timestamp }) => [
    name,
    DataType[datatype ?? 0],
    Number(timestamp),
  ])
  assert.deepEqual(metrics.slice(0, 5), [
    ['whole', 'Int64', 7005],
    ['part', 'Double', 7005],
    ['on', 'Boolean', 7005],
    ['text', 'String', 7005],
    ['in/it', 'Int64', 7005],
  ])
  const { in: _in, list: _list, ...plain } = record
  assert.deepEqual(
    parsedOf(codec, bytes).map((event) => event.record),
    [{ ...plain, 'in/it': 1, list: '[1]' }, { whole: 6 }],
  )
})

for (const [what, bytes] of [
  ['cut short', birth.subarray(0, -1)],
  ['of something else', Buffer.from('{"no":"payload"}')],
] as const) {
  test(`a payload that is ${what} is an error`, () => {
    assert.throws(() => recordsOf(codecOf(sparkplug), bytes), { code: /^PROTOBUF_/ })
  })
}
