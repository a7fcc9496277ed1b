import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { gzipSync } from 'node:zlib'
import { encode } from '@msgpack/msgpack'
import { FakeClock } from '../../support/fake-clock.js'
import { forwardListening, latin, numberedEntries, packed } from '../../support/forward-input.js'

/** `{"a": 1}` at 1 s and 2 ns, in the bytes of Fluentd Forward Protocol Specification v1, "Entry" and "EventTime Ext Format". */
const time = '\xd7\x00\x00\x00\x00\x01\x00\x00\x00\x02'
const record = '\x81\xa1a\x01'
const entry = `\x92${time}${record}`

/** Every way to send that one event, byte by byte, and what the log is to be given. */
const golden: readonly (readonly [name: string, message: string, entries: string])[] = [
  ['Message', `\x93\xa1t${time}${record}`, entry],
  ['Message with options', `\x94\xa1t${time}${record}\x81\xa5chunk\xa1c`, entry],
  ['Message with a whole second', `\x93\xa1t\x01${record}`, `\x92\x01${record}`],
  ['Message with a second of 32 bits', `\x93\xa1t\xce\x00\x00\x00\x01${record}`, `\x92\xce\x00\x00\x00\x01${record}`],
  [
    'Message with metadata',
    `\x94\xa1t${time}${record}\x81\xa8metadata\x81\xa1m\xc3`,
    `\x92\x92${time}\x81\xa1m\xc3${record}`,
  ],
  ['Message with no options', `\x94\xa1t${time}${record}\xc0`, entry],
  ['Forward', `\x92\xa1t\x91${entry}`, entry],
  ['Forward of two', `\x93\xa1t\x92${entry}${entry}\x81\xa4size\x02`, entry + entry],
  ['Forward in an array 16', `\x92\xa1t\xdc\x00\x01${entry}`, entry],
  ['Forward with metadata', `\x92\xa1t\x91\x92\x92${time}\x80${record}`, `\x92\x92${time}\x80${record}`],
  [
    'Forward with a long EventTime',
    `\x92\xa1t\x91\x92\xc7\x08\x00${time.slice(2)}${record}`,
    `\x92\xc7\x08\x00${time.slice(2)}${record}`,
  ],
  ['PackedForward', `\x92\xa1t\xc4\x10${entry}`.replace('\x10', String.fromCharCode(entry.length)), entry],
  ['PackedForward in a text', `\x92\xa1t${String.fromCharCode(0xa0 + entry.length)}${entry}`, entry],
  ['PackedForward with no options', `\x93\xa1t\xc4${String.fromCharCode(entry.length)}${entry}\xc0`, entry],
  [
    'PackedForward with options of others',
    `\x93\xa1t\xc4${String.fromCharCode(entry.length)}${entry}\x82\xa4more\x91\x01\xa5chunk\xc0`,
    entry,
  ],
  [
    'PackedForward that says it is text',
    `\x93\xa1t\xc4${String.fromCharCode(entry.length)}${entry}\x81\xaacompressed\xa4text`,
    entry,
  ],
  ['a tag in bytes', `\x92\xc4\x01t\x91${entry}`, entry],
]

describe('forward input', () => {
  it('takes every mode of the protocol, its entries as the bytes that they are', async (t) => {
    const { context, client } = await forwardListening(t)
    for (const [name, message, entries] of golden) {
      const before = context.taken.length
      const { socket, closed } = await client()
      socket.end(latin(message))
      await closed
      const taken = context.taken.slice(before)
      assert.deepEqual(
        taken.map((each) => [each.tag, each.entries.toString('latin1')]),
        [['t', entries]],
        name,
      )
      assert.deepEqual(context.events.at(-1)?.record, { a: 1 }, name)
    }
    assert.deepEqual(context.counted, {})
  })

  it('takes the same however the bytes are split', async (t) => {
    const { context, client } = await forwardListening(t)
    const whole = latin(golden.map(([, message]) => message).join(''))
    const all = golden.map(([, , entries]) => entries).join('')
    for (let at = 1; at < whole.length; at++) {
      const before = context.taken.length
      const { socket, closed } = await client()
      socket.setNoDelay(true)
      socket.write(whole.subarray(0, at))
      await new Promise((resolve) => setImmediate(resolve))
      socket.end(whole.subarray(at))
      await closed
      const taken = context.taken.slice(before)
      assert.equal(taken.map(({ entries }) => entries.toString('latin1')).join(''), all, `split at ${at}`)
    }
    assert.deepEqual([context.counted, context.reserved], [{}, 0])
  })

  it('takes entries that were compressed by gzip, in one member or in several', async (t) => {
    const { context, client } = await forwardListening(t)
    const entries = numberedEntries(100)
    const { socket, closed } = await client()
    socket.write(packed('one', gzipSync(entries), { compressed: 'gzip', size: 100 }))
    const members = [entries.subarray(0, 19), entries.subarray(19)].map((part) => gzipSync(part))
    socket.end(packed('two', Buffer.concat(members), { compressed: 'gzip' }))
    await closed
    assert.deepEqual(
      context.taken.map(({ tag, count }) => [tag, count]),
      [
        ['one', 100],
        ['two', 100],
      ],
    )
    for (const taken of context.taken) assert.ok(taken.entries.equals(entries))
    assert.deepEqual([context.counted, context.reserved], [{}, 0])
  })

  it('takes messages that are larger than a read, and gives back what it held of them', async (t) => {
    const { context, client } = await forwardListening(t)
    const entries = numberedEntries(100_000)
    const { socket, closed } = await client()
    socket.write(packed('large', entries))
    socket.end(Buffer.from(encode(['forward', Array.from({ length: 50_000 }, (_, n) => [n, { n }])])))
    await closed
    assert.ok(context.taken[0]?.entries.equals(entries))
    assert.deepEqual(
      context.taken.map(({ tag, count }) => [tag, count]),
      [
        ['large', 100_000],
        ['forward', 50_000],
      ],
    )
    assert.deepEqual([context.counted, context.reserved], [{}, 0])
  })

  it('gives a message of one event the time of now where it has none', async (t) => {
    const clock = new FakeClock()
    clock.setWall(1_795_467_780_500)
    const { context, client } = await forwardListening(t, {}, clock)
    const { socket } = await client()
    socket.write(latin(`\x93\xa1t\x00${record}\x93\xa1t\xc0${record}`))
    await context.received(2)
    const now = { seconds: 1_795_467_780, nanoseconds: 500_000_000 }
    assert.deepEqual(
      context.events.map((event) => event.time),
      [now, now],
    )
  })

  it('gives events the tag that is asked for: a prefix before their own, or one in their place', async (t) => {
    const cases = [
      [{ tag_prefix: 'site.' }, 'site.t'],
      [{ tag: 'all' }, 'all'],
      [{ tag: 'all', tag_prefix: 'site.' }, 'site.t'],
    ] as const
    for (const [options, tag] of cases) {
      const { context, client } = await forwardListening(t, options)
      const { socket } = await client()
      socket.write(packed('t', numberedEntries(1)))
      await context.received(1)
      assert.equal(context.events[0]?.tag, tag)
    }
  })

  it('takes a message whose size is another one, and counts it', async (t) => {
    const { context, client } = await forwardListening(t)
    const { socket } = await client()
    socket.write(packed('t', numberedEntries(3), { size: 4 }))
    await context.received(3)
    assert.deepEqual(context.counted, { wrong_sizes: 1 })
  })

  it('acknowledges a message without events, which there is nothing to keep of', async (t) => {
    const { context, client } = await forwardListening(t)
    const { socket, closed } = await client()
    socket.end(packed('t', new Uint8Array(), { chunk: 'none' }))
    assert.equal(await closed, '\x81\xa3ack\xa4none')
    assert.equal(context.taken.length, 0)
  })
})
