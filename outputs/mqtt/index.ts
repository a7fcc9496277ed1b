import { defineOutput } from 'sluice/plugin'
import { optionsOfUrl } from './address.js'
import { createMqtt } from './create.js'
import { mqttOptions } from './options.js'

export default defineOutput({
  summary: 'Publishes each event to an MQTT broker.',
  options: mqttOptions,
  unsupported: {
    topic_alias: 'leave it out: topics are always sent in full',
  },
  fromUrl: optionsOfUrl,
  create: createMqtt,
})
