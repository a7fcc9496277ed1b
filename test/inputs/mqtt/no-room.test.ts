import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import mqtt from '../../../inputs/mqtt/index.js'
import { ByteServer } from '../../support/byte-server.js'
import { FakeClock, settle } from '../../support/fake-clock.js'
import { RecordingInputContext } from '../../support/input-context.js'
import { connect, disconnect, packet, publish } from '../../support/mqtt-bytes.js'
import { hears, mqttListener } from '../../support/mqtt-listener.js'
import { optionsOf } from '../../support/options.js'
import { parserNamed } from '../../support/parsers.js'
import { running } from '../../support/running.js'
import { within } from '../../support/within.js'

it('mqtt input, a subscriber without room hears of its subscription, and keeps its connection alive', async (t) => {
  const broker = await new ByteServer().listen()
  t.after(() => broker.close())
  const clock = new FakeClock()
  const context = new RecordingInputContext(clock, parserNamed)
  context.hasRoom = false
  const raw = { mode: 'subscribe', port: broker.port, topics: ['a/#'], keepalive: '60s' }
  const run = await running(t, mqtt.create(optionsOf(mqtt, raw), context))
  await broker.until(() => (broker.streams[0]?.length ?? 0) > 0)
  const sent = () => broker.streams[0] ?? Buffer.alloc(0)
  broker.sockets[0]?.write(packet(0x20, 0, 0))
  await broker.until(() => sent().includes('a/#'))
  broker.sockets[0]?.write(packet(0x90, 0, 1, 1))
  await context.log.line('subscribed')
  await clock.advance(35_000)
  const pinged = broker.until(() => sent().subarray(-2).equals(packet(0xc0)))
  await within(20_000, pinged, 'a PINGREQ')
  broker.sockets[0]?.write(packet(0xd0))
  broker.sockets[0]?.write(publish())
  await clock.advance(120_000)
  assert.deepEqual([context.log.lines.length, context.events], [1, []])
  context.hasRoom = true
  await context.received(1)
  await run.stop()
})

const welcome = '20 02 00 00'
const pong = 'd0 00'

describe('mqtt input, a client whose messages must wait', () => {
  it('is heard all the same: it gets its PINGRESP, and its messages are taken once there is room', async (t) => {
    const { context, client } = await mqttListener(t)
    const device = await client()
    device.send(connect())
    await hears(device, welcome)
    context.hasRoom = false
    device.send(packet(0xc0))
    await hears(device, welcome + pong)
    device.send(Buffer.concat([packet(0xc0), publish(), publish(), packet(0xc0)]))
    await hears(device, welcome + pong + pong)
    assert.deepEqual(context.events, [])
    context.hasRoom = true
    await hears(device, welcome + pong + pong + pong)
    assert.equal(context.events.length, 2)
  })

  it('is heard with all that may wait for its PUBACK under way, be it of MQTT 3.1.1', async (t) => {
    const { context, client, keep } = await mqttListener(t, { max_inflight: 2 })
    const device = await client()
    device.send(Buffer.concat([connect(), ...[1, 2].map((id) => publish({ qos: 1, id }))]))
    await context.received(2)
    device.send(packet(0xc0))
    await hears(device, welcome + pong)
    device.send(publish({ qos: 1, id: 3 }))
    device.send(packet(0xc0))
    keep()
    await hears(device, `${welcome}${pong} 40 02 0001 40 02 0002 ${pong}`)
    assert.equal(context.events.length, 3)
  })

  it('is let go when it takes its leave, and its will is void', async (t) => {
    const { context, client } = await mqttListener(t, { max_inflight: 1 })
    const device = await client()
    const will = { topic: 'gone', payload: '{"x":0}' }
    device.send(Buffer.concat([connect({ will }), publish({ qos: 1 })]))
    await context.received(1)
    device.send(disconnect)
    await device.closed
    assert.deepEqual([context.events.length, context.counted], [1, {}])
  })

  it('loses no message by it, wherever its bytes are split', async (t) => {
    const { context, client } = await mqttListener(t)
    const bytes = Buffer.concat([publish(), publish({ payload: '{"y":2}' }), packet(0xc0)])
    for (let at = 1; at < bytes.length; at++) {
      const device = await client()
      device.send(connect({ id: String(at) }))
      await hears(device, welcome)
      context.hasRoom = false
      device.send(bytes.subarray(0, at))
      await settle()
      device.send(bytes.subarray(at))
      await settle()
      assert.deepEqual(context.events, [])
      context.hasRoom = true
      await hears(device, welcome + pong)
      const records = context.events.splice(0).map(({ record }) => record)
      assert.deepEqual(
        records,
        [
          { topic: 'a/b', x: 1 },
          { topic: 'a/b', y: 2 },
        ],
        `at ${at}`,
      )
    }
  })
})
