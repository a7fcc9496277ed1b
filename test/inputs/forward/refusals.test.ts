import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { gzipSync } from 'node:zlib'
import { encode } from '@msgpack/msgpack'
import { systemClock } from '../../../src/base/clock.js'
import { Log } from '../../../src/observe/log.js'
import { forwardListening, latin, numberedEntries, packed } from '../../support/forward-input.js'

const good = numberedEntries(3)
const time = '\xd7\x00\x00\x00\x00\x01\x00\x00\x00\x02'
const fresh = (value: unknown): Buffer => Buffer.from(encode(value))

/** What is sent behind two entries that are good, and why all three are refused. */
const bad: readonly (readonly [name: string, entry: string])[] = [
  ['no array', '\xa1x'],
  ['an array of one', '\x91\x01'],
  ['an array of three', '\x93\x01\x80\x80'],
  ['a time that is text', '\x92\xa1x\x80'],
  ['a time that is negative', '\x92\xff\x80'],
  ['a time that is null', '\x92\xc0\x80'],
  ['a time that is another extension', '\x92\xd7\x01\x00\x00\x00\x01\x00\x00\x00\x02\x80'],
  ['metadata that is no map', `\x92\x92${time}\x01\x80`],
  ['a record that is no map', `\x92${time}\x01`],
  ['a record with a map for a key', `\x92${time}\x81\x80\x01`],
  ['a byte that begins no value', `\x92${time}\x81\xa1a\xc1`],
  ['too many maps in one another', `\x92${time}${'\x81\xa1a'.repeat(65)}\x01`],
]

const refused: readonly (readonly [name: string, message: string | Buffer, reason: string])[] = [
  ['JSON', '["tag",1,{}]', 'not_forward'],
  ['an object of JSON', '{"tag":1}', 'not_forward'],
  ['HTTP', 'GET / HTTP/1.1\r\n\r\n', 'not_forward'],
  ['TLS', '\x16\x03\x01\x02\x00', 'not_forward'],
  ['a number', '\x01', 'not_forward'],
  ['an empty array', '\x90', 'invalid_message'],
  ['a tag alone', '\x91\xa1t', 'invalid_message'],
  ['a tag that is a number', '\x92\x01\x90', 'invalid_message'],
  ['an empty tag', '\x92\xa0\x90', 'invalid_tag'],
  ['a tag that is no UTF-8', '\x92\xa1\xff\x90', 'invalid_tag'],
  ['a tag longer than the log keeps', fresh(['t'.repeat(65_536), []]), 'invalid_tag'],
  ['a time without a record', '\x92\xa1t\x01', 'invalid_message'],
  ['a record that is no map', '\x93\xa1t\x01\x01', 'invalid_entries'],
  ['a time that is true', '\x93\xa1t\xc3\x80', 'invalid_entries'],
  ['options that are no map', '\x93\xa1t\x90\x01', 'invalid_message'],
  ['a chunk that is a number', '\x93\xa1t\x90\x81\xa5chunk\x01', 'invalid_message'],
  ['a chunk that is too long', fresh(['t', [], { chunk: 'x'.repeat(2000) }]), 'invalid_message'],
  ['five elements', '\x95\xa1t\x01\x80\xc0\xc0', 'invalid_message'],
  ['entries that are cut short', packed('t', good.subarray(0, -1)), 'invalid_entries'],
  ['metrics', fresh(['t', good, { fluent_signal: 1 }]), 'signal'],
  ['traces', fresh(['t', good, { fluent_signal: 2 }]), 'signal'],
  ['a compression nobody knows', packed('t', good, { compressed: 'lzo' }), 'unknown_compression'],
  ['what is said to be gzip', packed('t', good, { compressed: 'gzip' }), 'bad_compression'],
  ['gzip that is cut short', packed('t', gzipSync(good).subarray(0, -9), { compressed: 'gzip' }), 'bad_compression'],
  [
    'gzip with something behind it',
    packed('t', Buffer.concat([gzipSync(good), good]), { compressed: 'gzip' }),
    'bad_compression',
  ],
  ['gzip of what are no entries', packed('t', gzipSync('hello'), { compressed: 'gzip' }), 'invalid_entries'],
]

describe('what the forward input refuses', () => {
  it('ends the connection with a reason that is counted, and takes nothing', async (t) => {
    const { context, client } = await forwardListening(t)
    for (const [name, message, reason] of refused) {
      const before = context.counted[`refused_${reason}`] ?? 0
      const sender = await client()
      sender.send(message)
      assert.equal(await sender.closed, '', name)
      assert.equal(context.counted[`refused_${reason}`], before + 1, `${name}: ${JSON.stringify(context.counted)}`)
    }
    assert.deepEqual([context.taken, context.dropped, context.reserved], [[], {}, 0])
    assert.deepEqual(
      Object.values(context.counted).reduce((sum, each) => sum + each, 0),
      refused.length,
    )
  })

  it('refuses all events of a message for one that is bad, in every mode', async (t) => {
    const { context, client } = await forwardListening(t)
    for (const [name, entry] of bad) {
      const entries = Buffer.concat([numberedEntries(2), latin(entry)])
      const options = { chunk: 'c' }
      const forward = Buffer.concat([latin('\x93\xa1t\x93'), entries, fresh(options)])
      const messages = [
        packed('t', entries, options),
        packed('t', gzipSync(entries), { ...options, compressed: 'gzip' }),
        forward,
      ]
      for (const message of messages) {
        const sender = await client()
        sender.send(message)
        assert.equal(await sender.closed, '', name)
      }
    }
    assert.deepEqual([context.taken, context.reserved], [[], 0])
    assert.equal(context.counted['refused_invalid_entries'], bad.length * 3)
  })

  it('keeps what was taken before, and its acknowledgement reaches the sender', async (t) => {
    const { context, client } = await forwardListening(t)
    const sender = await client()
    sender.send(
      Buffer.concat([
        packed('t', good, { chunk: 'one' }),
        packed('t', latin('\x01'), { chunk: 'two' }),
        Buffer.alloc(300_000, 1),
      ]),
    )
    assert.equal(await sender.closed, '\x81\xa3ack\xa3one')
    assert.equal(context.events.length, 3)
    assert.deepEqual(context.counted, { refused_invalid_entries: 1 })
  })

  it('says why in its log', async (t) => {
    const { context, client } = await forwardListening(t)
    const sender = await client()
    sender.send('{"tag":"t"}')
    await sender.closed
    const { level, fields } = await context.log.line('closed a connection: not_forward')
    assert.deepEqual([level, fields?.['from']], ['warn', '127.0.0.1'])
    assert.match(String(fields?.['detail']), /expected a message of the forward protocol in msgpack, got JSON/)
  })

  it('says each of several reasons, also right behind another one', async (t) => {
    const { context, client } = await forwardListening(t)
    for (const bytes of ['{"tag":"t"}', latin('\x90')]) {
      const sender = await client()
      sender.send(bytes)
      await sender.closed
    }
    const texts: string[] = []
    const log = new Log({ level: 'info', write: (line) => texts.push(line), paint: (_, text) => text }, systemClock)
    for (const { level, message, fields } of context.log.lines) log.write(level, 'forward.0', message, fields)
    assert.match(texts.join('\n'), /not_forward .*JSON[^]*invalid_message .*expected 2 to 4 elements, got 0/)
  })

  it('counts a message that its sender did not finish', async (t) => {
    const { context, client } = await forwardListening(t)
    const { socket, closed } = await client()
    socket.end(packed('t', good).subarray(0, -1))
    await closed
    assert.deepEqual([context.counted, context.taken, context.reserved], [{ refused_cut_off: 1 }, [], 0])
  })

  it('tells a sender nothing of a chunk whose promise was broken, and closes its connection so that it tries again', async (t) => {
    const { context, client } = await forwardListening(t)
    context.acksAtOnce = false
    const sender = await client()
    sender.send(packed('t', good, { chunk: 'one' }))
    await context.received(3)
    context.taken[0]?.ack?.(new Error('memory_full'))
    assert.equal(await sender.closed, '')
    assert.deepEqual(context.counted, { refused_not_taken: 1 })
  })
})
