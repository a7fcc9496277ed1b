import { decode } from '@msgpack/msgpack'
import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as zlib from 'node:zlib'
import forward from '../../../outputs/forward/index.js'
import { compressionOf } from '../../../outputs/forward/compression.js'
import { ackIdOf, messageOf, type MessageSettings } from '../../../outputs/forward/message.js'
import { runsOf } from '../../../outputs/forward/runs.js'
import { compileTemplate } from '../../../src/event/accessor.js'
import { readEvents } from '../../../src/event/entry-reader.js'
import { batchOf } from '../../support/batch.js'
import { optionsOf } from '../../support/options.js'
import { RecordingOutputContext } from '../../support/output-context.js'

const plain: MessageSettings = {
  ack: true,
  compression: undefined,
  integerTimes: false,
  metadata: false,
  moreOptions: {},
}

async function bytesOf(samples: Parameters<typeof batchOf>[0], settings: MessageSettings = plain): Promise<Buffer> {
  const [run] = runsOf(batchOf(samples).chunks)
  assert.ok(run)
  const { pieces } = await messageOf(run, settings)
  return Buffer.concat(pieces)
}

test('one event becomes these bytes', async () => {
  const bytes = await bytesOf([{ tag: 'a.b', seconds: 1, nanoseconds: 2, record: { k: 1 } }])
  const expected = [
    '93', // an array of three
    'a3612e62', // "a.b"
    'c40f', // 15 bytes
    '92', // an array of two
    'd7000000000100000002', // EventTime, 1 s and 2 ns
    '81a16b01', // {"k": 1}
    '82', // a map of two
    'a473697a6501', // "size": 1
    `a56368756e6bb8${Buffer.from(ackIdOf('chunk-0')).toString('hex')}`, // "chunk": 24 characters
  ]
  assert.equal(bytes.toString('hex'), expected.join(''))
})

test('the acknowledgement id is 16 bytes in base64, another for each name', () => {
  assert.equal(Buffer.from(ackIdOf('a'), 'base64').length, 16)
  assert.equal(ackIdOf('a'), ackIdOf('a'))
  assert.notEqual(ackIdOf('a'), ackIdOf('b'))
})

test('bodies of every size get the header of their size', async () => {
  for (const length of [0, 1, 200, 240, 60_000, 70_000, 200_000]) {
    const record = { text: 'x'.repeat(length) }
    const [tag, entries, options] = decode(await bytesOf([{ tag: 't', record }])) as [string, Uint8Array, object]
    assert.deepEqual(
      [...readEvents({ tag, entries, count: 1 })].map((event) => event.record),
      [record],
    )
    assert.deepEqual(options, { size: 1, chunk: ackIdOf('chunk-0') })
  }
})

test('without acknowledgement there is no chunk option', async () => {
  const [, , options] = decode(await bytesOf([{ record: {} }], { ...plain, ack: false })) as [
    string,
    Uint8Array,
    object,
  ]
  assert.deepEqual(options, { size: 1 })
})

test('further options go out beside ours', async () => {
  const settings = { ...plain, ack: false, moreOptions: { site: 'north', size: 'never' } }
  const [, , options] = decode(await bytesOf([{ record: {} }], settings)) as [string, Uint8Array, object]
  assert.deepEqual(options, { site: 'north', size: 1 })
})

test('compressed entries are those of the log, once inflated', async () => {
  const samples = [
    { seconds: 7, record: { n: 1 } },
    { seconds: 8, record: { n: 2 } },
  ]
  const [, body, options] = decode(
    await bytesOf(samples, {
      ...plain,
      compression: { name: 'gzip', compress: compressionOf('gzip') },
    }),
  ) as [string, Uint8Array, object]
  assert.deepEqual(Buffer.from(zlib.gunzipSync(body)), Buffer.from(batchOf(samples).chunks[0]?.entries ?? []))
  assert.deepEqual(options, { size: 2, chunk: ackIdOf('chunk-0'), compressed: 'gzip' })
})

test('integer times are whole seconds, whatever form the time had', async () => {
  const entries = Buffer.from('92d700000000010000000281010592c70800000000030000000481a1610292ce0000000980', 'hex')
  const run = { tag: 't', entries, name: 'n', count: 3 }
  const { pieces } = await messageOf(run, { ...plain, integerTimes: true })
  const [, body] = decode(Buffer.concat(pieces)) as [string, Uint8Array]
  assert.equal(Buffer.from(body).toString('hex'), '92ce0000000181010592ce0000000381a1610292ce0000000980')
})

test('each chunk is one message, whatever stands beside it in the batch', () => {
  const [chunk] = batchOf([{ tag: 'a', record: {} }]).chunks
  assert.ok(chunk)
  const chunks = ['a', 'a', 'b'].map((tag, index) => ({ ...chunk, tag, id: `${index}` }))
  assert.deepEqual(
    runsOf(chunks).map(({ tag, name }) => [tag, name]),
    [
      ['a', '0'],
      ['a', '1'],
      ['b', '2'],
    ],
  )
  assert.equal(runsOf(chunks)[1]?.entries, chunk.entries, 'its bytes are not copied')
})

test('a tag made from fields cuts chunks between events', () => {
  const { chunks } = batchOf(['x', 'x', 'y', 'x'].map((site) => ({ tag: 'log', record: { site } })))
  const runs = runsOf(chunks, compileTemplate('$TAG.$site'))
  assert.deepEqual(
    runs.map(({ tag, count }) => [tag, count]),
    [
      ['log.x', 2],
      ['log.y', 1],
      ['log.x', 1],
    ],
  )
  assert.deepEqual(Buffer.concat(runs.map(({ entries }) => entries)), Buffer.from(chunks[0]?.entries ?? []))
  assert.equal(new Set(runs.map(({ name }) => name)).size, 3)
})

const time = 'd70000000001000000'
const entry = { plain: `92${time}0281a16b01`, metadata: `9292${time}0281a16d8081a16b02`, whole: '92ce0000000981a16b03' }

async function entriesSent(hex: string, settings: Partial<MessageSettings> = {}): Promise<string> {
  const run = { tag: 't', entries: Buffer.from(hex, 'hex'), name: 'n', count: 1 }
  const { pieces } = await messageOf(run, { ...plain, ...settings })
  const [, body] = decode(Buffer.concat(pieces)) as [string, Uint8Array]
  return Buffer.from(body).toString('hex')
}

test('metadata is left out, wherever entries that have some stand', async () => {
  const stripped = `92${time}0281a16b02`
  for (const [given, expected] of [
    [[entry.metadata], [stripped]],
    [
      [entry.plain, entry.metadata, entry.whole],
      [entry.plain, stripped, entry.whole],
    ],
    [
      [entry.metadata, entry.metadata, entry.plain],
      [stripped, stripped, entry.plain],
    ],
  ] as const)
    assert.equal(await entriesSent(given.join('')), expected.join(''))
})

test('metadata goes out as it came where it is asked for, and integer times know of it otherwise', async () => {
  assert.equal(await entriesSent(entry.metadata, { metadata: true }), entry.metadata)
  assert.equal(await entriesSent(entry.metadata, { integerTimes: true }), '92ce0000000181a16b02')
})

test('entries without metadata are sent as the very bytes of the chunk, also where a record looks like it', async () => {
  const nested = `92${time}0281a16b9292010203`
  for (const hex of [entry.plain, nested]) {
    const entries = Buffer.from(hex, 'hex')
    const { pieces } = await messageOf({ tag: 't', entries, name: 'n', count: 1 }, plain)
    assert.equal(pieces[1], entries)
  }
})

const hasZstd = 'zstdDecompressSync' in zlib

test('zstd compresses as gzip does', { skip: hasZstd ? false : 'this Node has no zstd' }, async () => {
  const settings = { ...plain, compression: { name: 'zstd', compress: compressionOf('zstd') } }
  const samples = [{ record: { text: 'x'.repeat(10_000) } }]
  const [, body, options] = decode(await bytesOf(samples, settings)) as [string, Uint8Array, object]
  const { zstdDecompressSync } = zlib as unknown as { zstdDecompressSync: (bytes: Uint8Array) => Uint8Array }
  assert.ok(body.length < 200)
  assert.deepEqual(Buffer.from(zstdDecompressSync(body)), Buffer.from(batchOf(samples).chunks[0]?.entries ?? []))
  assert.deepEqual(options, { size: 1, chunk: ackIdOf('chunk-0'), compressed: 'zstd' })
})

test('a Node without zstd says so when the configuration is checked', { skip: hasZstd && 'this Node has zstd' }, () => {
  const create = (): unknown => forward.create(optionsOf(forward, { compress: 'zstd' }), new RecordingOutputContext())
  assert.throws(create, { code: 'FORWARD_ZSTD', message: /needs Node\.js 22\.15 or later, this is v/ })
})
