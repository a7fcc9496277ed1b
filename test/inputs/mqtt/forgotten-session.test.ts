import assert from 'node:assert/strict'
import { once } from 'node:events'
import { describe, it, type TestContext } from 'node:test'
import mqtt from '../../../inputs/mqtt/index.js'
import { systemClock } from '../../../src/base/clock.js'
import { ByteServer } from '../../support/byte-server.js'
import { RecordingInputContext } from '../../support/input-context.js'
import { packet, publish, pubrel } from '../../support/mqtt-bytes.js'
import { optionsOf } from '../../support/options.js'
import { parserNamed } from '../../support/parsers.js'

const connack = packet(0x20, 0, 0)
const suback = packet(0x90, 0, 1, 2)
const pubrec = packet(0x50, 0, 7)
const pubcomp = packet(0x70, 0, 99)

/** A subscriber of a broker that knows nothing of it any more when it comes again. */
async function forgottenSubscriber(t: TestContext) {
  const broker = await new ByteServer().listen()
  t.after(() => broker.close())
  const context = new RecordingInputContext(systemClock, parserNamed)
  const options = optionsOf(mqtt, { mode: 'subscribe', port: broker.port, topics: ['a/#'], qos: 2 })
  const input = mqtt.create(options, context)
  const stop = new AbortController()
  const subscribed = async (index: number) => {
    const ended = input.run(stop.signal)
    await broker.until(() => (broker.streams[index]?.length ?? 0) > 0)
    broker.sockets[index]?.write(Buffer.concat([connack, suback]))
    return { ended, socket: broker.sockets[index] }
  }
  return { broker, context, stop, subscribed }
}

describe('mqtt input, a broker that forgot the session', () => {
  it('acknowledges no new message for the sake of an old one that had its packet identifier', async (t) => {
    const { broker, context, stop, subscribed } = await forgottenSubscriber(t)
    const first = await subscribed(0)
    first.socket?.write(publish({ qos: 2, id: 7, payload: '{"n":1}' }))
    await context.received(1)
    first.socket?.destroy()
    await assert.rejects(first.ended)
    const second = await subscribed(1)
    second.socket?.write(publish({ qos: 2, id: 7, payload: '{"n":2}' }))
    await context.received(2)
    context.acks[0]?.()
    second.socket?.write(pubrel(99))
    await broker.until(() => broker.streams[1]?.includes(pubcomp) === true)
    assert.equal(broker.streams[1]?.includes(pubrec), false)
    context.acks[1]?.()
    await broker.until(() => broker.streams[1]?.includes(pubrec) === true)
    const closed = second.socket && once(second.socket, 'end')
    stop.abort()
    await Promise.all([second.ended, closed])
  })
})
