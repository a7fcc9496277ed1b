import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'

import { encode } from '@msgpack/msgpack'
import fc from 'fast-check'
import { PbfWriter } from 'pbf'
import { compress } from 'snappyjs'

import { exportedLogs, exportedMetrics, exportedSpans } from './otlp.js'

export interface AnyRequest {
  readonly path: string
  readonly headers: Record<string, string>
  readonly body: Uint8Array
}

const paths = [
  '/',
  '/app.log',
  '/write',
  '/write?precision=ms',
  '/write?precision=',
  '/api/v2/write?precision=ns',
  '/loki/api/v1/push',
  '/v1/logs',
  '/v1/metrics',
  '/v1/traces',
  '/api/v1/write',
  '/services/collector',
  '/services/collector/event',
  '/services/collector/raw',
  '/_bulk',
  '/logs/_bulk',
]

const types = [
  '',
  'application/json',
  'application/x-ndjson',
  'application/msgpack',
  'application/x-www-form-urlencoded',
  'text/csv',
  'text/plain',
  'application/x-protobuf',
  'application/x-protobuf;proto=io.prometheus.write.v2.Request',
  'image/png',
]

/** Bodies that some endpoint takes, for others to be put off by. */
const whole = [
  '{"a":1,"b":[2,{"c":"ü"}]}',
  '[{"a":1},[1700000000,{"b":2}]]',
  '{"streams":[{"stream":{"job":"a"},"values":[["1700000000000000000","line",{"id":"x"}]]}]}',
  'cpu,host=a value=1,note="x y" 1700000000000000000\n',
  '{"time":1700000000.5,"event":{"a":1},"fields":{"b":2}}{"event":"x"}',
  '{"index":{"_index":"i","_id":"1"}}\n{"@timestamp":"2023-11-14T22:13:20Z","a":1}\n{"delete":{"_id":"2"}}\n',
  'a=1&b=%20&b=x',
  'a,b\n1,"x\ny"\n',
  encode({ a: 1, b: [2n ** 60n, 'x'] }, { useBigInt64: true }),
  ...(['json', 'protobuf'] as const).flatMap((encoding) => [
    exportedLogs(encoding, [{ hrTime: [1_700_000_000, 1], body: { nested: ['x', 1, true] } }]),
    exportedMetrics(encoding, []),
    exportedSpans(encoding, [
      { name: 'x', spanContext: () => ({ traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' }) },
    ]),
  ]),
  series(),
].map((body) => Buffer.from(body as Uint8Array))

const packers: readonly (readonly [encoding: string, pack: (bytes: Uint8Array) => Uint8Array])[] = [
  ['', (bytes) => bytes],
  ['', (bytes) => compress(bytes)],
  ['snappy', (bytes) => compress(bytes)],
  ['gzip', gzipSync],
  ['deflate', deflateSync],
  ['br', brotliCompressSync],
  ['gzip', (bytes) => bytes],
  ['snappy', (bytes) => bytes],
  ['zip', (bytes) => bytes],
]

const bytes = fc.oneof(
  fc.constantFrom(...whole),
  fc.uint8Array({ maxLength: 200 }),
  fc.tuple(fc.constantFrom(...whole), fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 })).map(damaged),
  fc.tuple(fc.constantFrom(...whole), fc.nat()).map(([body, at]) => body.subarray(0, at % (body.length + 1))),
)

/** Whatever somebody may post: bodies that are right, damaged, cut short or any bytes, of any type, to any of the paths. */
export const anyRequest: fc.Arbitrary<AnyRequest> = fc
  .tuple(fc.constantFrom(...paths), fc.constantFrom(...types), fc.constantFrom(...packers), bytes)
  .map(([path, type, [encoding, pack], body]) => ({
    path,
    headers: {
      ...(type === '' ? {} : { 'content-type': type }),
      ...(encoding === '' ? {} : { 'content-encoding': encoding }),
    },
    body: pack(body),
  }))

function damaged([body, changes]: readonly [Buffer, readonly (readonly [number, number])[]]): Buffer {
  const copy = Buffer.from(body)
  for (const [at, byte] of changes) if (copy.length > 0) copy[at % copy.length] = byte
  return copy
}

/** A series with one sample, as remote write 1.0 has it. */
function series(): Uint8Array {
  const request = new PbfWriter()
  request.writeMessage(
    1,
    (_, pbf) => {
      pbf.writeMessage(1, (_label, label) => label.writeStringField(1, '__name__'), undefined)
      pbf.writeMessage(2, (_sample, sample) => sample.writeVarintField(2, 1_700_000_000_000), undefined)
    },
    undefined,
  )
  return request.finish()
}
