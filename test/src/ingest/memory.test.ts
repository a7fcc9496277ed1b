import assert from 'node:assert/strict'
import { buffer } from 'node:stream/consumers'
import { describe, test, type TestContext } from 'node:test'
import * as zlib from 'node:zlib'

import { PbfWriter } from 'pbf'
import { compress } from 'snappyjs'

import http from '../../../inputs/http/index.js'
import { systemClock } from '../../../src/base/clock.js'
import { loadFormats } from '../../../src/engine/formats.js'
import { ingestStage, type IngestSettings } from '../../../src/ingest/index.js'
import type { Ack } from '../../../src/plugin/context.js'
import { type RunningServer, startServer } from '../../support/http-server.js'
import { RecordingInputContext } from '../../support/input-context.js'
import { optionsOf } from '../../support/options.js'
import { RecordingOutputContext } from '../../support/output-context.js'
import { pipelineOf } from '../../support/pipeline.js'

const budgetBytes = 1024 * 1024

/** Has so much memory and no more, takes every event, and knows the most that was ever reserved. */
class SmallContext extends RecordingInputContext {
  most = 0
  readonly keys: string[] = []
  override readonly once: RecordingInputContext['once'] = async (key, _, take) => {
    this.keys.push(key)
    await take()
    return false
  }

  override reserve(bytes: number): boolean {
    if (this.reserved + bytes > budgetBytes) return false
    this.reserved += bytes
    this.most = Math.max(this.most, this.reserved)
    return true
  }

  override emitEntries(tag: string, entries: Uint8Array, count: number, ack?: Ack): boolean {
    const room = super.emitEntries(tag, entries, count)
    ack?.()
    return room
  }
}

interface Ingest extends Omit<RunningServer, 'context'> {
  readonly context: SmallContext
  readonly post: (path: string, body: Uint8Array, headers: { readonly [name: string]: string }) => Promise<number>
}

async function ingest(t: TestContext): Promise<Ingest> {
  const formats = await loadFormats(pipelineOf({ inputs: [['http', http]] }), systemClock, new RecordingOutputContext())
  const context = new SmallContext(systemClock, (name, options) => formats.parser(name, options))
  const settings = { ...optionsOf(http, {}), tag: 'any' } as unknown as IngestSettings
  const server = await startServer(t, { stages: [ingestStage(settings, context)], context })
  const post: Ingest['post'] = async (path, body, headers) => {
    const answer = await fetch(server.url + path, { method: 'POST', body, headers })
    await answer.arrayBuffer()
    return answer.status
  }
  return { ...server, context, post }
}

interface Zstd {
  readonly zstdCompressSync?: typeof zlib.gzipSync
  readonly createZstdCompress?: (options: object) => zlib.Gzip
  readonly constants: { readonly ZSTD_c_windowLog?: number }
}

const { zstdCompressSync, createZstdCompress, constants } = zlib as Zstd
const noZstd = zstdCompressSync ? false : 'this Node has no zstd'
const packers: readonly (readonly [encoding: string, pack: ((bytes: Uint8Array) => Uint8Array) | undefined])[] = [
  ['gzip', zlib.gzipSync],
  ['deflate', zlib.deflateSync],
  ['br', (bytes) => zlib.brotliCompressSync(bytes, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 1 } })],
  ['zstd', zstdCompressSync],
]

function samples(count: number): Buffer {
  const lines = Array.from({ length: count }, (_, n) => `{"n":${n},"text":"${'x'.repeat(100)}"}\n`)
  return Buffer.from(lines.join(''))
}

const ndjson = { 'content-type': 'application/x-ndjson' }

describe('what a body becomes is counted to the memory while it is held', () => {
  for (const [encoding, pack = zlib.gzipSync] of packers) {
    const skip = encoding === 'zstd' && noZstd
    test(`of ${encoding}`, { skip }, async (t) => {
      const { context, post, stop } = await ingest(t)
      const lines = samples(4000)
      assert.equal(await post('/', pack(lines), { ...ndjson, 'content-encoding': encoding }), 201)
      await stop()
      assert.equal(context.events.length, 4000)
      assert.ok(context.most >= lines.length, `${context.most} of ${lines.length} bytes were counted`)
      assert.equal(context.reserved, 0)
    })

    test(`and one of ${encoding} that becomes too much goes no further than there is room`, { skip }, async (t) => {
      const { context, post, stop } = await ingest(t)
      const body = pack(Buffer.alloc(16 * budgetBytes, ' '))
      assert.ok(body.length < budgetBytes / 8)
      assert.equal(await post('/', body, { ...ndjson, 'content-encoding': encoding }), 503)
      await stop()
      assert.ok(context.most > budgetBytes / 2, `it was stopped after ${context.most} bytes`)
      assert.deepEqual([context.counted, context.reserved], [{ refused_no_room: 1 }, 0])
    })
  }

  test('of several codings, one at a time', async (t) => {
    const { context, post, stop } = await ingest(t)
    const lines = Buffer.alloc(600_000, '\n')
    const stored = zlib.gzipSync(lines, { level: 0 })
    const body = zlib.brotliCompressSync(stored)
    assert.equal(await post('/', body, { ...ndjson, 'content-encoding': 'gzip, br' }), 503)
    assert.equal(await post('/', zlib.gzipSync(stored.subarray(0, 0)), { ...ndjson, 'content-encoding': 'gzip' }), 201)
    await stop()
    assert.deepEqual([context.counted, context.reserved], [{ refused_no_room: 1 }, 0])
  })

  test('of a zstd whose sender asks for a window of 128 MiB, nothing', { skip: noZstd }, async (t) => {
    const { context, post } = await ingest(t)
    const asking = createZstdCompress?.({ params: { [constants.ZSTD_c_windowLog ?? 0]: 27 } }) ?? assert.fail()
    asking.write('{}\n')
    asking.end()
    const body = await buffer(asking)
    assert.equal(await post('/', body, { ...ndjson, 'content-encoding': 'zstd' }), 400)
    assert.deepEqual(context.counted, { refused_bad_encoding: 1 })
  })
})

const protobuf = { 'content-type': 'application/x-protobuf', 'content-encoding': 'snappy' }

describe('what a block of Snappy becomes is counted to the memory before it is unpacked', () => {
  for (const [path, push] of [
    ['/loki/api/v1/push', lokiPush],
    ['/api/v1/write', remoteWrite],
  ] as const) {
    test(`that is posted to ${path}`, async (t) => {
      const { context, post, stop } = await ingest(t)
      const whole = push('x'.repeat(budgetBytes / 2))
      const block = compress(whole)
      assert.ok(block.length < whole.length / 10)
      assert.equal(await post(path, block, protobuf), 204)
      await stop()
      assert.equal(context.events.length, 1)
      assert.ok(context.most >= whole.length && context.most <= whole.length + 2 * block.length + 64)
      assert.equal(context.reserved, 0)
    })

    test(`and one for ${path} that has no room is refused unseen`, async (t) => {
      const { context, post, stop } = await ingest(t)
      assert.equal(await post(path, compress(push('x'.repeat(2 * budgetBytes))), protobuf), 503)
      assert.equal(await post(path, Buffer.concat([sizes(0xfffffff), Buffer.of(0)]), protobuf), 413)
      await stop()
      assert.ok(context.most < budgetBytes / 4)
      assert.deepEqual(context.counted, { refused_no_room: 1, refused_inflated_too_long: 1 })
      assert.deepEqual([context.events.length, context.reserved], [0, 0])
    })
  }
})

/** A varint. */
function sizes(size: number): Buffer {
  const bytes = []
  for (let rest = size; rest > 0; rest >>>= 7) bytes.push((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0))
  return Buffer.from(bytes)
}

/** One line of `logproto.PushRequest`. */
function lokiPush(line: string): Uint8Array {
  const push = new PbfWriter()
  const entry = (text: string, writer: PbfWriter): void => writer.writeStringField(2, text)
  const stream = (text: string, writer: PbfWriter): void => {
    writer.writeStringField(1, '{a="b"}')
    writer.writeMessage(2, entry, text)
  }
  push.writeMessage(1, stream, line)
  return push.finish()
}

/** One sample of `prometheus.WriteRequest`, whose series has a long label. */
function remoteWrite(label: string): Uint8Array {
  const request = new PbfWriter()
  const pair = ([name, value]: readonly [string, string], writer: PbfWriter): void => {
    writer.writeStringField(1, name)
    writer.writeStringField(2, value)
  }
  const series = (value: string, writer: PbfWriter): void => {
    writer.writeMessage(1, pair, ['__name__', 'up'])
    writer.writeMessage(1, pair, ['long', value])
    writer.writeMessage(2, (_, sample: PbfWriter) => sample.writeDoubleField(1, 1), undefined)
  }
  request.writeMessage(1, series, label)
  return request.finish()
}

test('what is remembered of a request that has a key is as short, whatever its client chose for one', async (t) => {
  const { context, post } = await ingest(t)
  const headers = { 'content-type': 'application/json' }
  for (const [path, key] of [
    ['/', 'k'],
    ['/', 'x'.repeat(8000)],
    [`/${'y'.repeat(4000)}`, 'k'],
  ] as const)
    assert.equal(await post(path, Buffer.from('{}'), { ...headers, 'idempotency-key': key }), 201)
  assert.deepEqual(
    context.keys.map(({ length }) => length),
    [44, 44, 44],
  )
  assert.equal(new Set(context.keys).size, 3)
})
