import { encode } from '@msgpack/msgpack'
import assert from 'node:assert/strict'
import type { Socket } from 'node:net'
import { test } from 'node:test'
import type { Cancel } from '../../../src/base/clock.js'
import { AgentError } from '../../../src/plugin/errors.js'
import { batchOf } from '../../support/batch.js'
import { FakeClock } from '../../support/fake-clock.js'
import { ackOf } from '../../support/forward-ack.js'
import { ForwardPairs, numbered } from '../../support/forward-pairs.js'
import { acknowledge } from '../../support/forward-server.js'
import { freePort } from '../../support/ports.js'

const forever = new AbortController().signal
const pairs = new ForwardPairs()

/** Tells how many timers were set so far: what resets a deadline shows. */
class CountingClock extends FakeClock {
  deadlines = 0

  override after(delayMs: number, callback: () => void): Cancel {
    this.deadlines++
    return super.after(delayMs, callback)
  }
}

async function failure(flush: Promise<void>, code: string): Promise<AgentError> {
  const error = await flush.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  assert.ok(error instanceof AgentError, `expected ${code}, got ${String(error)}`)
  assert.equal(error.code, code)
  return error
}

test('an acknowledgement may come in two reads, split anywhere', async () => {
  const peer = await pairs.server()
  const output = await pairs.output(peer.port)
  await output.flush(numbered(1), forever)
  const length = ackOf(peer.messages[0]?.options.chunk ?? '').length
  assert.ok(length > 20)
  for (let cut = 1; cut < length; cut++) {
    peer.answer = ({ socket, options }) => {
      const ack = ackOf(options.chunk ?? '')
      socket.write(ack.subarray(0, cut), () => setImmediate(() => socket.write(ack.subarray(cut))))
    }
    await output.flush(numbered(1), forever)
  }
  assert.equal(peer.connections, 1)
  assert.equal(peer.events.length, length)
})

test('several acknowledgements may come in one read, in any order', async () => {
  const acks: Uint8Array[] = []
  const peer = await pairs.server(({ socket, options }) => {
    acks.unshift(ackOf(options.chunk ?? ''))
    if (acks.length === 3) socket.write(Buffer.concat(acks))
  })
  const output = await pairs.output(peer.port)
  await output.flush(batchOf(['a', 'b', 'c'].map((tag) => ({ tag, record: {} }))), forever)
  assert.equal(acks.length, 3)
})

test('hundreds of acknowledgements may be outstanding, and come in any order, cut anywhere', async () => {
  const count = 300
  const peer = await pairs.server(() => undefined)
  const output = await pairs.output(peer.port)
  const flush = output.flush(
    batchOf(Array.from({ length: count }, (_, n) => ({ tag: `t${n}`, record: { n } }))),
    forever,
  )
  await peer.until(() => peer.messages.length === count)
  const acks = peer.messages.map(({ options }) => ({ rank: Math.random(), bytes: ackOf(options.chunk ?? '') }))
  acks.sort((one, other) => one.rank - other.rank)
  const bytes = Buffer.concat(acks.map((ack) => ack.bytes))
  for (let at = 0, size = 0; at < bytes.length; at += size) {
    size = 1 + Math.floor(Math.random() * 100)
    peer.messages[0]?.socket.write(bytes.subarray(at, at + size))
    if (size > 90) await new Promise((resolve) => setImmediate(resolve))
  }
  await flush
  assert.equal(peer.connections, 1)
})

test('an acknowledgement of something else fails the flush and ends the connection', async () => {
  const peer = await pairs.server(({ socket }) => void socket.write(ackOf('c29tZXRoaW5nIGVsc2Uh')))
  const output = await pairs.output(peer.port)
  const { message } = await failure(output.flush(numbered(1), forever), 'FORWARD_WRONG_ACK')
  assert.match(message, /expected one of 1 acknowledgements, got "c29t/)
  peer.answer = acknowledge
  await output.flush(numbered(1), forever)
  assert.equal(peer.connections, 2)
})

const nonsense: readonly [string, Uint8Array, string][] = [
  ['no msgpack', Buffer.of(0xc1), 'FORWARD_ANSWER'],
  ['another value', encode(['ack']), 'FORWARD_ANSWER'],
  ['a number for an id', encode({ ack: 1 }), 'FORWARD_ANSWER'],
  ['more than any answer has', encode({ ack: 'x'.repeat(10_000) }), 'FORWARD_ANSWER'],
  ['a request for a key', encode(['HELO', { nonce: 'n', auth: '', keepalive: true }]), 'FORWARD_AUTHENTICATION'],
]
for (const [what, answer, code] of nonsense) {
  test(`an answer that is ${what} fails the flush`, async () => {
    const peer = await pairs.server(({ socket }) => void socket.write(answer))
    const output = await pairs.output(peer.port)
    await failure(output.flush(numbered(1), forever), code)
  })
}

test('a server that wants a key says so before anything is sent', async () => {
  const peer = await pairs.server(() => undefined)
  peer.greet = (socket) => void socket.write(encode(['HELO', { nonce: 'n', auth: '', keepalive: true }]))
  const output = await pairs.output(peer.port)
  const { message } = await failure(output.flush(numbered(1), forever), 'FORWARD_AUTHENTICATION')
  assert.match(message, /the server asks for a key; write shared_key/)
})

test('a server that closes in the middle of an acknowledgement is tried again', async () => {
  const peer = await pairs.server(({ socket, options }) => void socket.end(ackOf(options.chunk ?? '').subarray(0, 10)))
  const output = await pairs.output(peer.port)
  await failure(output.flush(numbered(1), forever), 'FORWARD_CLOSED')
  peer.answer = acknowledge
  await output.flush(numbered(1), forever)
  const [first, second] = peer.messages
  assert.equal(first?.options.chunk, second?.options.chunk)
})

test('a server that never acknowledges ends in a deadline', async () => {
  const clock = new FakeClock()
  const peer = await pairs.server(() => undefined)
  const output = await pairs.output(peer.port, { ack_timeout: '30s' }, clock)
  const failed = failure(output.flush(numbered(1), forever), 'FORWARD_NO_ACK')
  await peer.until(() => peer.messages.length === 1)
  await clock.advance(30_000)
  assert.match(
    (await failed).message,
    /^127\.0\.0\.1:\d+: no acknowledgement within 30000 ms \(ack_timeout\); 1 are due$/,
  )
  assert.equal(clock.waiting, 0)
})

test('each acknowledgement puts the deadline off', async () => {
  const clock = new CountingClock()
  const peer = await pairs.server(() => undefined)
  const output = await pairs.output(peer.port, { ack_timeout: '30s' }, clock)
  const flush = output.flush(batchOf(['a', 'b'].map((tag) => ({ tag, record: {} }))), forever)
  await peer.until(() => peer.messages.length === 2)
  const [first, second] = peer.messages
  assert.ok(first && second)
  await clock.advance(20_000)
  const before = clock.deadlines
  acknowledge(first)
  while (clock.deadlines === before) await new Promise((resolve) => setImmediate(resolve))
  await clock.advance(20_000)
  acknowledge(second)
  await flush
})

test('a server that stops reading ends in a deadline', async () => {
  const clock = new CountingClock()
  const peer = await pairs.server()
  const connected = new Promise<Socket>((resolve) => {
    peer.greet = (socket) => resolve(socket.pause())
  })
  const output = await pairs.output(peer.port, {}, clock)
  const large = batchOf(
    Array.from({ length: 40 }, (_, n) => ({ tag: `t${n}`, record: { text: 'x'.repeat(1_000_000) } })),
  )
  const failed = failure(output.flush(large, forever), 'FORWARD_STALLED')
  await connected
  for (let idle = 0, seen = -1; idle < 20; idle++) {
    if (clock.deadlines !== seen) idle = 0
    seen = clock.deadlines
    await new Promise((resolve) => setImmediate(resolve))
  }
  await clock.advance(30_000)
  assert.match((await failed).message, /the server read nothing for 30000 ms/)
})

test('a server that refuses connections is an error, and the next flush tries again', async () => {
  const port = await freePort()
  const output = await pairs.output(port)
  await assert.rejects(output.flush(numbered(1), forever), /ECONNREFUSED/)
  const peer = await pairs.server(acknowledge, { port })
  await output.flush(numbered(1), forever)
  assert.equal(peer.events.length, 1)
})

test('a retry sends only the messages that were not acknowledged', async () => {
  const peer = await pairs.server((message) => (message.tag === 'b' ? message.socket.destroy() : acknowledge(message)))
  const output = await pairs.output(peer.port)
  const batch = batchOf(['a', 'b', 'c'].map((tag) => ({ tag, record: {} })))
  await failure(output.flush(batch, forever), 'FORWARD_CLOSED')
  peer.answer = acknowledge
  peer.messages.length = 0
  await output.flush(batch, forever)
  assert.deepEqual(
    peer.messages.map(({ tag }) => tag),
    ['b', 'c'],
  )
  await output.flush(batch, forever)
  assert.deepEqual(
    peer.messages.map(({ tag }) => tag),
    ['b', 'c', 'a', 'b', 'c'],
  )
})
