import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { clientSettings, mqttClientOptions, MqttSession } from '../../../src/mqtt/index.js'
import { FakeClock } from '../../support/fake-clock.js'
import { valuesOf } from '../../support/options.js'
import { RecordingOutputContext } from '../../support/output-context.js'
import { ScriptedBroker } from '../../support/scripted-broker.js'
import { within } from '../../support/within.js'

const never = new AbortController().signal
const stopping = new Error('stopping')

/** A session with a broker that keeps its connections open, whatever is said. */
async function sessionWith(t: TestContext) {
  const broker = await new ScriptedBroker().listen()
  t.after(() => broker.close())
  const options = valuesOf(mqttClientOptions, { host: '127.0.0.1', port: broker.port, client_id: 'one' })
  return new MqttSession(clientSettings(options, new RecordingOutputContext(new FakeClock())))
}

describe('a session of a client of MQTT', () => {
  it('stops waiting for the end of its last connection as soon as it is told, and leaves none', async (t) => {
    const session = await sessionWith(t)
    const before = await session.connect(never)
    const stop = new AbortController()
    const next = session.connect(stop.signal)
    stop.abort(stopping)
    await assert.rejects(within(5000, next, 'the end of the attempt'), stopping)
    await within(5000, before.ended, 'the end of the last connection')
  })
})
