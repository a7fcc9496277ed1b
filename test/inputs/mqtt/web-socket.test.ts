import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import mqtt from '../../../inputs/mqtt/index.js'
import { systemClock } from '../../../src/base/clock.js'
import { RecordingInputContext } from '../../support/input-context.js'
import { packet } from '../../support/mqtt-bytes.js'
import { optionsOf } from '../../support/options.js'
import { parserNamed } from '../../support/parsers.js'
import { MessageServer } from '../../support/web-socket-server.js'
import { within } from '../../support/within.js'

/** A subscriber that its broker has let in, within a WebSocket. */
async function subscriber(t: TestContext) {
  const broker = await new MessageServer().listen()
  t.after(() => broker.close())
  const context = new RecordingInputContext(systemClock, parserNamed)
  const raw = { mode: 'subscribe', port: broker.port, websocket: true, topics: ['a/#'] }
  const ended = mqtt.create(optionsOf(mqtt, raw), context).run(new AbortController().signal)
  ended.catch(() => undefined)
  await broker.until(() => broker.messages.length > 0)
  broker.sockets[0]?.send(Buffer.concat([packet(0x20, 0, 0), packet(0x90, 0, 1, 1)]))
  await context.log.line('subscribed')
  return { ended, socket: broker.requests[0]?.socket }
}

describe('mqtt input, a subscriber within a WebSocket', () => {
  it('ends one connection when what comes is no WebSocket any more', async (t) => {
    const { ended, socket } = await subscriber(t)
    socket?.write(Buffer.of(0xff, 0xff, 0xff, 0xff))
    await assert.rejects(within(20_000, ended, 'the end of the connection'), { code: 'MQTT_CLOSED' })
  })
})
