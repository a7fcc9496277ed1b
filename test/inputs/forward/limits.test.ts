import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { gzipSync } from 'node:zlib'
import { FakeClock, settle } from '../../support/fake-clock.js'
import { type ForwardListening, forwardListening, latin, numberedEntries, packed } from '../../support/forward-input.js'

/** Another sender is served at once. */
async function othersAreServed({ context, client }: ForwardListening): Promise<void> {
  const other = await client()
  other.send(packed('other', numberedEntries(1), { chunk: 'served' }))
  await other.until(/served/)
  assert.ok(context.taken.some(({ tag }) => tag === 'other'))
  other.socket.destroy()
}

/** Time goes by in small steps, in which all goes on that can. */
async function moveOnUntil(clock: FakeClock, condition: () => boolean): Promise<void> {
  for (let steps = 0; !condition(); steps++) {
    assert.ok(steps < 5000, 'it never comes true')
    await clock.advance(50)
  }
}

describe('limits of the forward input', () => {
  it('closes a connection whose message is too long as soon as that is seen', async (t) => {
    const listening = await forwardListening(t, { max_message_size: '64KiB' })
    const { context, client } = listening
    const [bytes, entries, late] = [await client(), await client(), await client()]
    bytes.send(latin('\x92\xa1t\xc6\x40\x00\x00\x00'))
    entries.send(latin('\x92\xa1t\xdd\xff\xff\xff\xff'))
    late.send(packed('t', numberedEntries(5000)))
    for (const each of [bytes, entries, late]) assert.equal(await each.closed, '')
    assert.deepEqual([context.counted, context.taken, context.reserved], [{ refused_too_long: 3 }, [], 0])
    await othersAreServed(listening)
  })

  it('takes a message of exactly the longest size', async (t) => {
    const message = packed('t', numberedEntries(200))
    for (const [size, taken] of [
      [message.length, 1],
      [message.length - 1, 0],
    ] as const) {
      const { context, client } = await forwardListening(t, { max_message_size: size })
      const { socket, closed } = await client()
      socket.end(message)
      await closed
      assert.equal(context.taken.length, taken)
    }
  })

  it('does not decompress more than it may', async (t) => {
    const { context, client } = await forwardListening(t, { max_inflated_size: '1MiB' })
    const sender = await client()
    sender.send(packed('t', gzipSync(Buffer.alloc(64 * 1024 * 1024)), { compressed: 'gzip' }))
    assert.equal(await sender.closed, '')
    assert.deepEqual([context.counted, context.reserved], [{ refused_inflated_too_long: 1 }, 0])
  })

  it('reserves memory for what has come, not for what is promised', async (t) => {
    const { context, client } = await forwardListening(t)
    const sender = await client()
    sender.send(latin(`\x92\xa1t\xc6\x00\xf0\x00\x00${'\x01'.repeat(1000)}`))
    for (let turn = 0; turn < 5000 && context.reserved === 0; turn++) await settle()
    assert.ok(context.reserved > 0)
    assert.ok(context.reserved <= 64 * 1024, String(context.reserved))
    sender.socket.destroy()
    await context.until(() => context.counted['refused_cut_off'] === 1 || context.counted['broken_connections'] === 1)
    assert.equal(context.reserved, 0)
  })

  it('closes a connection whose message comes drop by drop, be it that something comes all the time', async (t) => {
    const clock = new FakeClock()
    const listening = await forwardListening(t, { read_timeout: '10s' }, clock)
    const { context, client } = listening
    const sender = await client()
    sender.send(packed('t', numberedEntries(100)).subarray(0, 200))
    for (let second = 0; second < 20 && context.counted['refused_slow_message'] === undefined; second++) {
      sender.send(Buffer.of(1))
      await settle()
      await clock.advance(1000)
    }
    await sender.closed
    assert.deepEqual([context.counted, context.reserved], [{ refused_slow_message: 1 }, 0])
    await othersAreServed(listening)
  })

  it('lets a message take its time that comes at more than a kibibyte a second', async (t) => {
    const clock = new FakeClock()
    const { context, client } = await forwardListening(t, { read_timeout: '10s' }, clock)
    const message = packed('t', numberedEntries(5000))
    const sender = await client()
    for (let at = 0; at < message.length; at += 2048) {
      const before = sender.socket.bytesWritten
      sender.send(message.subarray(at, at + 2048))
      while (sender.socket.bytesWritten === before || sender.socket.writableLength > 0) await settle()
      for (let turn = 0; turn < 5; turn++) await settle()
      await clock.advance(1000)
    }
    await context.received(5000)
    assert.deepEqual(context.counted, {})
  })

  it('closes a connection that does not do its part of the handshake', async (t) => {
    const clock = new FakeClock()
    const { context, client } = await forwardListening(t, { shared_key: 'k', read_timeout: '10s' }, clock)
    const sender = await client()
    await sender.until(/keepalive/)
    await clock.advance(20_000)
    await sender.closed
    assert.deepEqual(context.counted, { refused_slow_handshake: 1 })
  })

  it('keeps a connection that is idle, unless it is told otherwise', async (t) => {
    const clock = new FakeClock()
    const kept = await forwardListening(t, {}, clock)
    const sender = await kept.client()
    await settle()
    await clock.advance(24 * 3600 * 1000)
    sender.send(packed('t', numberedEntries(1)))
    await kept.context.received(1)
    const closing = await forwardListening(t, { idle_timeout: '1m' }, clock)
    const idle = await closing.client()
    idle.send(packed('t', numberedEntries(1)))
    await closing.context.received(1)
    await clock.advance(180_000)
    await idle.closed
    assert.deepEqual(closing.context.counted, { idle_connections: 1 })
  })

  it('does not read on from a sender that never reads its acknowledgements, and closes it in the end', async (t) => {
    const clock = new FakeClock()
    const listening = await forwardListening(t, { read_timeout: '10s' }, clock)
    const { context, client } = listening
    const sender = await client()
    sender.socket.pause()
    const message = packed('t', numberedEntries(1), { chunk: 'x'.repeat(1000) })
    const sent = 40_000
    sender.socket.write(Buffer.concat(Array.from({ length: sent }, () => message)))
    await context.received(1)
    await othersAreServed(listening)
    await moveOnUntil(clock, () => context.counted['refused_unread_acks'] === 1)
    assert.ok(context.taken.length < sent, String(context.taken.length))
    assert.deepEqual(context.counted, { refused_unread_acks: 1 })
  })

  it('gives up a message that waits too long for room, since others may wait for what it holds', async (t) => {
    const clock = new FakeClock()
    const { context, client } = await forwardListening(t, { read_timeout: '10s' }, clock)
    const sender = await client()
    const message = packed('t', numberedEntries(50_000), { chunk: 'one' })
    sender.send(message.subarray(0, 1000))
    await moveOnUntil(clock, () => context.reserved > 0)
    context.hasRoom = false
    sender.send(message.subarray(1000, 2000))
    await moveOnUntil(clock, () => context.reserved === 0)
    assert.equal(await sender.closed, '')
    context.hasRoom = true
    await context.until(() => context.counted['refused_no_memory'] === 1)
    assert.deepEqual(context.taken, [])
  })

  it('refuses a message that there is no memory for, so that its sender keeps it', async (t) => {
    const { context, client } = await forwardListening(t)
    context.hasMemory = false
    const large = await client()
    large.send(packed('t', numberedEntries(50_000), { chunk: 'one' }))
    assert.equal(await large.closed, '')
    const inflated = await client()
    inflated.send(packed('t', gzipSync(numberedEntries(10)), { compressed: 'gzip', chunk: 'two' }))
    assert.equal(await inflated.closed, '')
    assert.deepEqual([context.counted, context.taken, context.reserved], [{ refused_no_memory: 2 }, [], 0])
  })

  it('serves others beside a thousand connections that are idle or half open', async (t) => {
    const listening = await forwardListening(t, { max_connections: 2000, max_connections_per_address: 2000 })
    const idle = await Promise.all(Array.from({ length: 1000 }, () => listening.client()))
    for (const [index, { socket }] of idle.entries()) if (index % 2 === 0) socket.write(latin('\x92\xa1t'))
    await othersAreServed(listening)
    const { context } = listening
    for (let turn = 0; turn < 5000 && context.reserved < 500 * 4096; turn++) await settle()
    assert.equal(context.reserved, 500 * 4096, 'a page for each message that was begun')
    for (const { socket } of idle) socket.destroy()
  })

  it('takes no more connections than it may', async (t) => {
    const { context, client } = await forwardListening(t, { max_connections: 1 })
    const first = await client()
    first.send(packed('t', numberedEntries(1)))
    await context.received(1)
    const second = await client()
    await second.closed
    assert.deepEqual(context.counted, { refused_too_many_connections: 1 })
  })
})
