import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import forward from '../../outputs/forward/index.js'
import type { EventRecord } from '../../src/event/event.js'
import { outputContract, type OutputUnderTest } from '../contract/output.js'
import { batchOf } from '../support/batch.js'
import { FakeClock } from '../support/fake-clock.js'
import { ForwardPairs, numbered } from '../support/forward-pairs.js'
import { acknowledge, ForwardServer } from '../support/forward-server.js'
import { optionsOf } from '../support/options.js'
import { RecordingOutputContext } from '../support/output-context.js'

const forever = new AbortController().signal
const pairs = new ForwardPairs()

async function underTest(): Promise<OutputUnderTest> {
  const peer = await new ForwardServer().listen()
  const output = await forward.create(optionsOf(forward, { port: peer.port }), new RecordingOutputContext())
  const taken: EventRecord[] = []
  const accept = (): void => {
    peer.greet = () => undefined
    peer.answer = (message) => {
      taken.push(...message.events.map(({ record }) => record))
      acknowledge(message)
    }
  }
  return {
    output,
    taken: () => taken,
    accept,
    fail: () => void (peer.greet = (socket) => void socket.destroy()),
    hang: () => ({ reached: new Promise((resolve) => (peer.answer = () => resolve())) }),
    end: () => peer.close(),
  }
}
outputContract('forward', underTest, ['fail', 'hang'])

test('events of several tags arrive in order with their times, each message with its size', async () => {
  const peer = await pairs.server()
  const output = await pairs.output(peer.port)
  const samples = ['a', 'a', 'b', 'a'].map((tag, n) => ({ tag, seconds: n, nanoseconds: 123_456_789, record: { n } }))
  await output.flush(batchOf(samples), forever)
  assert.deepEqual(
    peer.events,
    samples.map(({ tag, seconds, nanoseconds, record }) => ({ tag, time: { seconds, nanoseconds }, record })),
  )
  assert.deepEqual(
    peer.messages.map(({ options }) => options.size),
    [2, 1, 1],
  )
})

test('one connection serves flush after flush', async () => {
  const peer = await pairs.server()
  const output = await pairs.output(peer.port)
  for (let flush = 0; flush < 3; flush++) await output.flush(numbered(2), forever)
  assert.equal(peer.connections, 1)
  assert.equal(peer.events.length, 6)
})

test('without keepalive each flush has a connection of its own', async () => {
  const peer = await pairs.server()
  const output = await pairs.output(peer.port, { 'net.keepalive': false })
  for (let flush = 0; flush < 2; flush++) await output.flush(numbered(1), forever)
  assert.equal(peer.connections, 2)
})

test('a connection that was idle for long is closed', async () => {
  const clock = new FakeClock()
  const peer = await pairs.server()
  let closed = false
  peer.greet = (socket) => void socket.on('close', () => (closed = true))
  const output = await pairs.output(peer.port, { 'net.keepalive_idle_timeout': '30s' }, clock)
  await output.flush(numbered(1), forever)
  await clock.advance(29_999)
  assert.equal(clock.waiting, 1)
  await clock.advance(1)
  assert.equal(clock.waiting, 0)
  await output.flush(numbered(1), forever)
  assert.equal(peer.connections, 2)
  assert.ok(closed)
})

test('a connection that the server closed meanwhile is not used again', async () => {
  const peer = await pairs.server()
  const output = await pairs.output(peer.port)
  const closed = new Promise<void>((resolve) => (peer.greet = (socket) => void socket.on('close', () => resolve())))
  await output.flush(numbered(1), forever)
  peer.messages[0]?.socket.end()
  await closed
  await output.flush(numbered(1), forever)
  assert.equal(peer.events.length, 2)
})

test('flushes that run at once have connections of their own', async () => {
  const peer = await pairs.server()
  const output = await pairs.output(peer.port, { max_in_flight: 2 })
  await Promise.all([output.flush(numbered(1, 'a'), forever), output.flush(numbered(1, 'b'), forever)])
  assert.equal(peer.connections, 2)
})

test('without acknowledgement a flush ends when the kernel has everything', async () => {
  const peer = await pairs.server(() => assert.fail('answered'))
  peer.answer = ({ options }) => assert.equal(options.chunk, undefined)
  const output = await pairs.output(peer.port, { require_ack_response: 'off' })
  await output.flush(numbered(3), forever)
  await peer.until(() => peer.events.length === 3)
})

test('closing lets what was written go out', async () => {
  const peer = await pairs.server()
  const output = await pairs.output(peer.port, { require_ack_response: false })
  await output.flush(batchOf([{ record: { text: 'x'.repeat(300_000) } }]), forever)
  await output.close?.()
  await peer.until(() => peer.events.length === 1)
})

test('a unix socket is as good as a port', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'forward-'))
  pairs.atEnd(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'in.sock')
  const peer = await pairs.server(acknowledge, { path })
  const output = await pairs.output(1, { unix_path: path })
  await output.flush(numbered(2), forever)
  assert.equal(peer.events.length, 2)
})

test('options: a tag from fields, gzip, integer times and more options reach the server', async () => {
  const peer = await pairs.server()
  const more = { tag: 'site.$site', compress: 'gzip', time_as_integer: true, add_option: { from: 'gateway' } }
  const output = await pairs.output(peer.port, more)
  await output.flush(batchOf([{ seconds: 5, nanoseconds: 6, record: { site: 'north' } }]), forever)
  const [message] = peer.messages
  assert.deepEqual(message?.events, [
    { tag: 'site.north', time: { seconds: 5, nanoseconds: 0 }, record: { site: 'north' } },
  ])
  assert.equal(message?.options['from'], 'gateway')
})
