import assert from 'node:assert/strict'
import { once } from 'node:events'
import { PassThrough } from 'node:stream'
import { test } from 'node:test'
import { MqttClient } from 'mqtt'

import { clientSettings, mqttClientOptions, MqttConnection } from '../../../src/mqtt/index.js'
import { FakeClock } from '../../support/fake-clock.js'
import { RecordingOutputContext } from '../../support/output-context.js'
import { valuesOf } from '../../support/options.js'

test('a connection that broke before anybody listened to it fails at once, and has ended', async () => {
  const stream = new PassThrough()
  stream.destroy()
  await once(stream, 'close')
  const settings = clientSettings(valuesOf(mqttClientOptions), new RecordingOutputContext(new FakeClock()))
  const connection = new MqttConnection(new MqttClient(() => stream, { manualConnect: true }), stream, settings)
  await assert.rejects(connection.open(new AbortController().signal), { code: 'MQTT_CLOSED' })
  assert.equal((await connection.ended).code, 'MQTT_CLOSED')
})
