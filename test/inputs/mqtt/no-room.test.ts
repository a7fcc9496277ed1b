import assert from 'node:assert/strict'
import { it } from 'node:test'
import mqtt from '../../../inputs/mqtt/index.js'
import { ByteServer } from '../../support/byte-server.js'
import { FakeClock } from '../../support/fake-clock.js'
import { RecordingInputContext } from '../../support/input-context.js'
import { packet } from '../../support/mqtt-bytes.js'
import { optionsOf } from '../../support/options.js'
import { parserNamed } from '../../support/parsers.js'
import { running } from '../../support/running.js'
import { within } from '../../support/within.js'

it('mqtt input, a subscriber without room keeps its connection alive and hears of its subscription later', async (t) => {
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
  await clock.advance(35_000)
  const pinged = broker.until(() => sent().subarray(-2).equals(packet(0xc0)))
  await within(20_000, pinged, 'a PINGREQ')
  assert.deepEqual(context.log.lines, [])
  context.hasRoom = true
  await context.log.line('subscribed')
  await run.stop()
})
