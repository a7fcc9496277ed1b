import { defineOutput } from 'sluice/plugin'
import { createSparkplug } from './create.js'
import { sparkplugOptions } from './options.js'

export default defineOutput({
  summary: 'Reports to an MQTT broker as an edge node of Sparkplug B.',
  options: sparkplugOptions,
  create: createSparkplug,
})
