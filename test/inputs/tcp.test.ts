import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { after, describe, it } from 'node:test'

import tcp from '../../inputs/tcp/index.js'
import { systemClock } from '../../src/base/clock.js'
import { RecordingInputContext } from '../support/input-context.js'
import { optionsOf } from '../support/options.js'
import { parserNamed } from '../support/parsers.js'

const stop = new AbortController()
const running: Promise<void>[] = []
after(async () => {
  stop.abort()
  await Promise.all(running)
})

async function listening(raw: { readonly [option: string]: unknown } = {}) {
  const context = new RecordingInputContext(systemClock, parserNamed)
  running.push(tcp.create(optionsOf(tcp, { port: 0, ...raw }), context).run(stop.signal))
  const line = await context.log.line('listening')
  return { context, port: Number(line.fields?.['port']) }
}

async function open(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  return socket
}

describe('tcp input', () => {
  it('takes JSON objects one behind the other, split at any byte', async () => {
    const { context, port } = await listening()
    const text = Buffer.from('{"a":1,"t":"ä{"}\n{"b":[1,2]}{"c":null}')
    let expected = 0
    for (let at = 0; at <= text.length; at++) {
      const socket = await open(port)
      socket.write(text.subarray(0, at))
      await new Promise((resolve) => setImmediate(resolve))
      socket.end(text.subarray(at))
      expected += 3
      await context.received(expected)
    }
    assert.deepEqual(context.records.slice(-3), [{ a: 1, t: 'ä{' }, { b: [1, 2] }, { c: null }])
    assert.deepEqual(context.dropped, {})
  })

  it('drops what is no JSON, counts it, and goes on', async () => {
    const { context, port } = await listening()
    const socket = await open(port)
    socket.end('{"a":1}\nnonsense\n{"b":2}\n')
    await context.received(2)
    assert.deepEqual(context.records, [{ a: 1 }, { b: 2 }])
    assert.deepEqual(context.dropped, { invalid: 1 })
  })

  it('takes lines as they are, up to a separator of the user', async () => {
    const { context, port } = await listening({ format: 'none', separator: '|' })
    const socket = await open(port)
    socket.end('one|two\nlines|three')
    await context.received(3)
    assert.deepEqual(context.records, [{ log: 'one' }, { log: 'two\nlines' }, { log: 'three' }])
  })

  it('drops a frame that is too long and takes the next one', async () => {
    const { context, port } = await listening({ format: 'none', buffer_size: 100 })
    const socket = await open(port)
    socket.end(`${'x'.repeat(5000)}\nshort\n`)
    await context.received(1)
    assert.deepEqual([context.records, context.dropped], [[{ log: 'short' }], { too_long: 1 }])
  })

  it('says who sent it when asked', async () => {
    const { context, port } = await listening({ source_address_key: 'from' })
    const socket = await open(port)
    socket.end('{"a":1}')
    await context.received(1)
    assert.deepEqual(context.records, [{ a: 1, from: '127.0.0.1' }])
  })

  it('closes connections beyond its limit and counts them, while the others go on', async () => {
    const { context, port } = await listening({ max_connections: 1 })
    const first = await open(port)
    const second = connect(port, '127.0.0.1').on('error', () => undefined)
    await once(second, 'close')
    first.end('{"a":1}')
    await context.received(1)
    assert.deepEqual(context.counted, { refused_connections: 1 })
  })

  it('closes a connection that is silent for too long', async () => {
    const { port } = await listening({ idle_timeout: '100ms' })
    const socket = await open(port)
    await once(socket.resume(), 'close')
  })

  it('makes its sender wait while there is no room, and loses nothing', async () => {
    const { context, port } = await listening({ format: 'none' })
    context.hasRoom = false
    const socket = await open(port)
    const line = Buffer.from(`${'x'.repeat(1023)}\n`)
    let sent = 0
    // The kernel's buffers on both sides fill up, then the socket stops taking more.
    while (sent < 64 * 1024 && socket.writableLength < 4 * 1024 * 1024) {
      socket.write(line)
      sent++
      if (sent % 64 === 0) await new Promise((resolve) => setImmediate(resolve))
    }
    assert.ok(socket.writableLength > 0, 'the sender has to wait')
    assert.ok(context.events.length < sent / 2, `${context.events.length} of ${sent} were read all the same`)
    context.hasRoom = true
    socket.end()
    await context.received(sent)
    assert.equal(context.events.length, sent)
  })
})
