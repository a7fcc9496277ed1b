import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { FakeClock, settle } from '../../support/fake-clock.js'
import { connect, disconnect, packet, publish, pubrel } from '../../support/mqtt-bytes.js'
import { hears, hearsLast, mqttListener } from '../../support/mqtt-listener.js'
import type { RawClient } from '../../support/raw-client.js'

const hexEnd = async (client: RawClient): Promise<string> => Buffer.from(await client.closed, 'latin1').toString('hex')
const will = { topic: 'gone', payload: '{"gone":true}' }
const gone = { topic: 'gone', gone: true }
const sessionOf = (seconds: number): number[] => [0x11, 0, 0, seconds >> 8, seconds & 0xff]

describe('mqtt input, sessions', () => {
  it('remembers what of QoS 2 is not released from one connection to the next', async (t) => {
    const { context, client, keep } = await mqttListener(t)
    const before = await client()
    before.send(Buffer.concat([connect({ clean: false }), publish({ qos: 2, id: 7 })]))
    await context.received(1)
    before.socket.resetAndDestroy()
    keep()
    const after = await client()
    after.send(Buffer.concat([connect({ clean: false }), publish({ qos: 2, id: 7, dup: true }), pubrel(7)]))
    await hears(after, '20 02 01 00 50 02 0007 70 02 0007')
    assert.equal(context.events.length, 1)
  })

  it('answers on the new connection when the promise of the old one is kept', async (t) => {
    const { context, client, keep } = await mqttListener(t)
    const before = await client()
    before.send(Buffer.concat([connect({ clean: false }), publish({ qos: 2, id: 7 })]))
    await context.received(1)
    const after = await client()
    after.send(Buffer.concat([connect({ clean: false }), publish({ qos: 2, id: 7, dup: true }), packet(0xc0)]))
    await hears(after, '20 02 01 00 d0 00')
    keep()
    await hears(after, '20 02 01 00 d0 00 50 02 0007')
    assert.equal(context.events.length, 1)
  })

  it('forgets a session whose client begins a clean one, and gives back its memory', async (t) => {
    const { context, client, keep } = await mqttListener(t)
    const before = await client()
    before.send(Buffer.concat([connect({ clean: false }), publish({ qos: 2, id: 7 })]))
    await context.received(1)
    keep()
    await hears(before, '20 02 00 00 50 02 0007')
    assert.ok(context.reserved > 0)
    const after = await client()
    after.send(Buffer.concat([connect(), publish({ qos: 2, id: 7, dup: true })]))
    await context.received(2)
    await hears(after, '20 02 00 00')
    after.send(disconnect)
    await after.closed
    await settle()
    assert.equal(context.reserved, 0)
  })

  it('ends the connection that another one of its client takes over', async (t) => {
    const { context, client } = await mqttListener(t)
    const [before, after] = [await client(), await client()]
    before.send(connect({ version: 5 }))
    await hearsLast(before, '2a 00')
    after.send(connect())
    await hears(after, '20 02 00 00')
    assert.match(await hexEnd(before), /e0018e$/)
    assert.equal(context.counted['session_taken_over'], 1)
  })

  it('publishes a will when its client is gone without a word', async (t) => {
    const { context, client } = await mqttListener(t)
    const device = await client()
    device.send(connect({ will }))
    await hears(device, '20 02 00 00')
    device.socket.resetAndDestroy()
    await context.received(1)
    assert.deepEqual([context.records, context.counted, context.reserved], [[gone], { wills: 1 }, 0])
  })

  it('publishes a will after its delay, unless the client comes back', async (t) => {
    const clock = new FakeClock()
    const { context, client } = await mqttListener(t, {}, clock)
    const parts = { version: 5, clean: false, will: { ...will, delay: 60 }, properties: sessionOf(300) } as const
    for (let round = 0; round < 2; round++) {
      const device = await client()
      device.send(connect(parts))
      await hearsLast(device, '2a 00')
      device.socket.resetAndDestroy()
      await new Promise((resolve) => device.socket.once('close', resolve))
      // Who is answered now came behind the end of the other.
      const witness = await client()
      witness.send(Buffer.concat([connect({ id: 'witness' }), packet(0xc0)]))
      await hears(witness, '20 02 00 00 d0 00')
      await clock.advance(30_000)
    }
    assert.deepEqual(context.records, [])
    await clock.advance(31_000)
    await context.received(1)
    assert.deepEqual(context.records, [gone])
  })

  it('publishes a will where the client takes its leave with it', async (t) => {
    const { context, client } = await mqttListener(t)
    const device = await client()
    device.send(Buffer.concat([connect({ version: 5, will: { ...will, delay: 0 } }), packet(0xe0, 4)]))
    await context.received(1)
    assert.deepEqual(context.records, [gone])
  })

  it('says nothing of wills when the agent stops, and tells clients of 5 that it does', async (t) => {
    const { context, client, run } = await mqttListener(t)
    const device = await client()
    device.send(connect({ version: 5, will: { ...will, delay: 0 } }))
    await hearsLast(device, '2a 00')
    await run.stop()
    assert.match(await hexEnd(device), /e0018b$/)
    assert.deepEqual([context.records, context.reserved], [[], 0])
  })

  it('ends clients that are silent for longer than they said, that say nothing at first, or nothing whole', async (t) => {
    const clock = new FakeClock()
    const { context, client } = await mqttListener(t, { stall_timeout: '30s' }, clock)
    const [silent, mute, slow, quiet] = [await client(), await client(), await client(), await client()]
    silent.send(connect({ version: 5, id: 'a', keepAlive: 10 }))
    await hearsLast(silent, '2a 00')
    slow.send(Buffer.concat([connect({ id: 'b' }), publish().subarray(0, 5)]))
    quiet.send(connect({ id: 'c' }))
    await Promise.all([hears(slow, '20 02 00 00'), hears(quiet, '20 02 00 00')])
    await clock.advance(11_000)
    assert.equal(await hexEnd(mute), '')
    await clock.advance(5000)
    assert.match(await hexEnd(silent), /e0018d$/)
    await clock.advance(20_000)
    assert.equal(await hexEnd(slow), '20020000')
    assert.deepEqual(context.counted, { keep_alive_timeout: 2, implementation_specific: 1 })
    quiet.send(packet(0xc0))
    await hearsLast(quiet, 'd0 00')
  })
})
