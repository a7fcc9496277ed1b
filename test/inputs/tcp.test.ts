import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { describe, it, type TestContext } from 'node:test'

import tcp from '../../inputs/tcp/index.js'
import { type Clock, systemClock } from '../../src/base/clock.js'
import type { EventRecord } from '../../src/event/event.js'
import { FakeClock, settle } from '../support/fake-clock.js'
import { RecordingInputContext } from '../support/input-context.js'
import { listeningPort } from '../support/listening.js'
import { optionsOf } from '../support/options.js'
import { parserNamed } from '../support/parsers.js'
import { type Run, running } from '../support/running.js'

interface Listening {
  readonly context: RecordingInputContext
  readonly port: number
  readonly run: Run
}

async function listening(t: TestContext, raw: object = {}, clock: Clock = systemClock): Promise<Listening> {
  const context = new RecordingInputContext(clock, parserNamed)
  const run = await running(t, tcp.create(optionsOf(tcp, { port: 0, ...raw }), context))
  t.after(() => (context.hasRoom = true))
  return { context, run, port: await listeningPort(context.log) }
}

async function open(t: TestContext, port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1').on('error', () => undefined)
  t.after(() => socket.destroy())
  await once(socket, 'connect')
  return socket
}

async function closed(socket: Socket): Promise<void> {
  if (!socket.closed) await once(socket.resume(), 'close')
}

describe('tcp input', () => {
  it('does not take an empty address for all', () => {
    const context = new RecordingInputContext()
    assert.throws(() => tcp.create(optionsOf(tcp, { listen: [''] }), context), /listen: expected HOST/)
  })

  it('takes JSON values one behind the other, split at any byte', async (t) => {
    const { context, port } = await listening(t)
    const text = Buffer.from('{"a":1,"t":"ä{"}\n{"b":[1,2]}[3,{"c":null}]')
    let expected = 0
    for (let at = 0; at <= text.length; at++) {
      const socket = await open(t, port)
      socket.write(text.subarray(0, at))
      await new Promise((resolve) => setImmediate(resolve))
      socket.end(text.subarray(at))
      expected += 3
      await context.received(expected)
    }
    const records = [{ a: 1, t: 'ä{' }, { b: [1, 2] }, { msg: [3, { c: null }] }]
    assert.deepEqual(context.records, Array.from({ length: text.length + 1 }, () => records).flat())
    assert.deepEqual(context.dropped, {})
  })

  const texts: [name: string, raw: object, text: string, records: EventRecord[], dropped: object][] = [
    ['what is no JSON', {}, '{"a":1}\nnonsense\n{"b":2}\n', [{ a: 1 }, { b: 2 }], { invalid: 1 }],
    ['values that are no records', {}, '1 "two" null {"b":2}', [{ b: 2 }], { invalid: 3 }],
    ['an object that does not end', {}, '{"a":1}{"b":', [{ a: 1 }], { invalid: 1 }],
    ['no line that is empty', { format: 'none' }, 'one\n\ntwo\r\nthree', [1, 2, 3].map(lineOf), {}],
    ['a separator', { format: 'none', separator: '||' }, 'one||two\n|||||th', ['one', 'two\n', '|th'].map(logOf), {}],
    [
      'a long line',
      { format: 'none', buffer_size: '100B' },
      `${'x'.repeat(5000)}\nshort\n`,
      [{ log: 'short' }],
      { too_long: 1 },
    ],
    ['a parser', { parser: 'json', format: 'none' }, '[5.5,{"a":1}]', [{ a: 1 }], {}],
  ]
  for (const [name, raw, text, records, dropped] of texts) {
    it(`knows ${name}`, async (t) => {
      const { context, port, run } = await listening(t, raw)
      const socket = await open(t, port)
      socket.end(text)
      await closed(socket)
      await context.received(records.length)
      await run.stop()
      assert.deepEqual([context.records, context.dropped], [records, dropped])
    })
  }

  it('counts a buffer size without a unit in KiB', async (t) => {
    const { context, port } = await listening(t, { format: 'none', buffer_size: 1 })
    const socket = await open(t, port)
    socket.end(`${'x'.repeat(1024)}\n${'y'.repeat(1025)}\n`)
    await context.until(() => context.dropped['too_long'] === 1)
    assert.deepEqual(context.records, [{ log: 'x'.repeat(1024) }])
  })

  it('says who sent it when asked', async (t) => {
    const { context, port } = await listening(t, { source_address_key: 'from' })
    const socket = await open(t, port)
    const from = `tcp://127.0.0.1:${socket.localPort}`
    socket.end('{"a":1,"from":"liar"}')
    await context.received(1)
    assert.deepEqual(context.records, [{ a: 1, from }])
  })

  it('takes what a client has sent that closed its side alone, and closes the other', async (t) => {
    const { context, port } = await listening(t)
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
    socket.end('{"a":1}')
    await closed(socket)
    assert.deepEqual(context.records, [{ a: 1 }])
  })

  it('drops and counts what a connection that breaks left unfinished', async (t) => {
    const { context, port } = await listening(t)
    const socket = await open(t, port)
    socket.write('{"a":1}{"b":')
    await context.received(1)
    socket.resetAndDestroy()
    await context.until(() => context.counted['broken_connections'] === 1)
    assert.deepEqual([context.records, context.dropped], [[{ a: 1 }], { cut_off: 1 }])
    assert.match(String(context.log.lines.at(-1)?.fields?.['reason']), /ECONNRESET/)
  })

  it('closes connections beyond its limit and counts them, while the others go on', async (t) => {
    const { context, port } = await listening(t, { max_connections: 1 })
    const first = await open(t, port)
    const second = connect(port, '127.0.0.1').on('error', () => undefined)
    await closed(second)
    first.end('{"a":1}')
    await context.received(1)
    assert.deepEqual(context.counted, { refused_too_many_connections: 1 })
    await closed(first)
    const third = await open(t, port)
    third.end('{"a":2}')
    await context.received(2)
  })

  it('closes a connection that is silent for too long, not one that speaks or waits for room', async (t) => {
    const clock = new FakeClock()
    const { context, port } = await listening(t, { idle_timeout: '10s' }, clock)
    const socket = await open(t, port)
    for (let n = 1; n <= 3; n++) {
      socket.write(`{"n":${n}}`)
      await context.received(n)
      await clock.advance(9999)
    }
    context.hasRoom = false
    socket.write('{"n":4}{"torn')
    await context.received(4)
    await clock.advance(60_000)
    assert.equal(clock.waiting, 0)
    context.hasRoom = true
    await settle()
    await clock.advance(9999)
    assert.deepEqual(context.counted, {})
    await clock.advance(1)
    await closed(socket)
    assert.deepEqual(context.counted, { idle_connections: 1 })
    assert.deepEqual(context.dropped, { cut_off: 1 })
  })

  it('keeps a connection open however long it is silent, unless told', async (t) => {
    const clock = new FakeClock()
    const { context, port } = await listening(t, {}, clock)
    const socket = await open(t, port)
    await clock.advance(86_400_000)
    socket.end('{"a":1}')
    await context.received(1)
  })

  it('makes its sender wait while there is no room, and loses nothing', async (t) => {
    const { context, port } = await listening(t, { format: 'none' })
    context.hasRoom = false
    const socket = await open(t, port)
    const sent = await fill(socket)
    assert.ok(socket.writableLength > 0, 'the sender has to wait')
    assert.ok(context.events.length < sent / 2, `${context.events.length} of ${sent} were read all the same`)
    const other = await open(t, port)
    other.end('other\n')
    await context.received(1)
    context.hasRoom = true
    socket.end()
    await context.received(sent + 1)
    assert.equal(context.events.length, sent + 1)
  })

  it('hands over what one read brought in one piece', async (t) => {
    const { context, port } = await listening(t)
    const socket = await open(t, port)
    socket.end('{"n":1}'.repeat(1000))
    await context.received(1000)
    assert.ok(context.acks.length < 10, `${context.acks.length} pieces`)
  })

  it('takes frames by its own framing, tells what is damaged, and what is noise', async (t) => {
    const framing = { type: 'length_prefix', start: '0xaa', width: 1, checksum: 'sum8' }
    const { context, port } = await listening(t, { format: 'none', framing })
    const socket = await open(t, port)
    socket.write(Buffer.from('ffffaa036f6e', 'hex'))
    socket.end(Buffer.from('8aaa03747700aa03747798', 'hex'))
    await context.received(2)
    await context.until(() => context.counted['noise_bytes'] === 7)
    assert.deepEqual(context.records, [{ log: 'on' }, { log: 'tw' }])
    assert.deepEqual(context.dropped, { bad_checksum: 1 })
  })

  it('ends a frame by a pause, and waits for none when the connection is closed', async (t) => {
    const clock = new FakeClock()
    const raw = { format: 'none', source_address_key: 'from', framing: { type: 'idle', idle: '50ms' } }
    const { context, port } = await listening(t, raw, clock)
    const socket = await open(t, port)
    socket.write('one')
    while (clock.waiting === 0) await settle()
    await clock.advance(49)
    assert.deepEqual(context.records, [])
    await clock.advance(1)
    assert.deepEqual(
      context.records.map(({ log }) => log),
      ['one'],
    )
    assert.match(String(context.records[0]?.['from']), /^tcp:/)
    socket.end('two')
    await context.received(2)
    while (clock.waiting > 0) await settle()
  })

  it('refuses to be made where nothing says where a frame ends', () => {
    const bytes = () => ({ framing: 'bytes', parse: () => [] }) as const
    const context = new RecordingInputContext(systemClock, bytes)
    assert.throws(() => tcp.create(optionsOf(tcp, { parser: 'scale' }), context), { code: 'FRAMING_MISSING' })
    const input = tcp.create(optionsOf(tcp, { parser: 'scale', framing: { type: 'cobs' } }), context)
    assert.equal(typeof input.run, 'function')
  })

  it('closes every connection when it stops', async (t) => {
    const { port, run } = await listening(t)
    const sockets = [await open(t, port), await open(t, port)]
    await Promise.all([run.stop(), ...sockets.map(closed)])
  })

  it('fails where it cannot listen', async (t) => {
    const { port } = await listening(t)
    const input = tcp.create(optionsOf(tcp, { port }), new RecordingInputContext())
    await assert.rejects(input.run(t.signal), { code: 'NET_LISTEN' })
  })
})

function lineOf(n: number): EventRecord {
  return logOf(['zero', 'one', 'two', 'three'][n] ?? '')
}

function logOf(log: string): EventRecord {
  return { log }
}

/** Sends lines until the kernel's buffers on both sides are full and the socket keeps what comes; answers how many. */
async function fill(socket: Socket): Promise<number> {
  const line = Buffer.from(`${'x'.repeat(1023)}\n`)
  let sent = 0
  while (sent < 64 * 1024 && socket.writableLength < 4 * 1024 * 1024) {
    socket.write(line)
    if (++sent % 64 === 0) await new Promise((resolve) => setImmediate(resolve))
  }
  return sent
}
