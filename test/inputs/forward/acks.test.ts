import assert from 'node:assert/strict'
import type { Socket } from 'node:net'
import { Duplex } from 'node:stream'
import { describe, it } from 'node:test'
import { decode, encode } from '@msgpack/msgpack'
import { Acks } from '../../../inputs/forward/acks.js'
import { settle } from '../../support/fake-clock.js'
import { forwardListening, numberedEntries, packed } from '../../support/forward-input.js'

const ackOf = (chunk: string): string => `\x81\xa3ack${String.fromCharCode(0xa0 + chunk.length)}${chunk}`

describe('acknowledgements of the forward input', () => {
  it('are given once the promise holds, in the order in which it comes to hold', async (t) => {
    const { context, client } = await forwardListening(t)
    context.acksAtOnce = false
    const sender = await client()
    for (const chunk of ['one', 'two', 'three']) sender.send(packed('t', numberedEntries(2), { chunk }))
    await context.received(6)
    await settle()
    assert.equal(sender.text, '')
    context.taken[1]?.ack?.()
    await sender.until(/two/)
    context.taken[0]?.ack?.()
    context.taken[2]?.ack?.()
    await sender.until(/three/)
    assert.equal(sender.text, ackOf('two') + ackOf('one') + ackOf('three'))
  })

  it('of messages that are read in one turn of the event loop go out in one write', async () => {
    const written: number[] = []
    const socket = new Duplex({
      read: () => undefined,
      writev: (parts, done) => {
        written.push(parts.length)
        done()
      },
    })
    const acks = new Acks(socket as Socket)
    for (let read = 0; read < 3; read++) {
      acks.expect()
      acks.give(encode(`chunk ${read}`))
      await new Promise<void>((resolve) => process.nextTick(resolve))
    }
    await settle()
    assert.deepEqual(written, [3])
  })

  it('have the chunk as the sender wrote it', async (t) => {
    const { client } = await forwardListening(t)
    for (const chunk of ['x', 'p8n9gmxTQVC8/nh2wlKKeQ==', 'ä'.repeat(100), new Uint8Array([0, 255, 1])]) {
      const sender = await client()
      sender.socket.end(packed('t', numberedEntries(1), { chunk }))
      const ack = decode(Buffer.from(await sender.closed, 'latin1')) as { readonly ack: unknown }
      assert.deepEqual(Buffer.from(ack.ack as string), Buffer.from(chunk as string))
    }
  })

  it('reach a sender that has ended its side already', async (t) => {
    const { context, client } = await forwardListening(t)
    context.acksAtOnce = false
    const { socket, closed } = await client()
    socket.end(packed('t', numberedEntries(1), { chunk: 'late' }))
    await context.received(1)
    await settle()
    context.taken[0]?.ack?.()
    assert.equal(await closed, ackOf('late'))
  })

  it('are not given without a chunk', async (t) => {
    const { context, client } = await forwardListening(t)
    const { socket, closed } = await client()
    socket.end(packed('t', numberedEntries(1)))
    assert.equal(await closed, '')
    assert.deepEqual(context.acks, [undefined])
  })

  it('harm nobody when they come after the sender has gone', async (t) => {
    const { context, client } = await forwardListening(t)
    context.acksAtOnce = false
    const { socket } = await client()
    socket.write(packed('t', numberedEntries(1), { chunk: 'gone' }))
    socket.write(packed('t', numberedEntries(1), { chunk: 'lost' }))
    await context.received(2)
    socket.resetAndDestroy()
    await context.until(() => context.counted['broken_connections'] === 1)
    context.taken[0]?.ack?.()
    context.taken[1]?.ack?.(new Error('the agent ends'))
    assert.deepEqual(context.counted, { broken_connections: 1 })
  })

  it('are not given for what comes while there is no room, which is not read either', async (t) => {
    const { context, client } = await forwardListening(t)
    context.hasRoom = false
    const sender = await client()
    const message = packed('t', numberedEntries(10_000), { chunk: 'one' })
    let isTaken = false
    sender.socket.write(Buffer.concat(Array.from({ length: 100 }, () => message)), () => (isTaken = true))
    for (let turn = 0; turn < 50; turn++) await settle()
    assert.deepEqual([isTaken, context.taken.length, sender.text], [false, 0, ''])
    context.hasRoom = true
    await context.received(1_000_000)
    assert.equal(isTaken, true)
  })
})
