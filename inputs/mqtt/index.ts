import { defineInput } from 'sluice/plugin'
import { listenInput } from './listen.js'
import { mqttOptions, type PayloadOptions } from './options.js'
import { subscribeInput } from './subscribe.js'

export default defineInput({
  summary: 'Takes MQTT messages: from devices that publish to this agent, or as a subscriber of a broker.',
  options: mqttOptions,
  codecs: (options) => codecOf(options),
  anyTag: true,
  full: 'wait',
  create: (options, context) =>
    options.mode === 'listen' ? listenInput(options, context) : subscribeInput(options, context),
})

/** JSON as it is becomes events without one. */
function codecOf({ parser, format, payload_key: key }: PayloadOptions): readonly string[] {
  const needsNone =
    parser !== undefined || format === 'plain' || format === 'raw' || (format === 'json' && key === undefined)
  return needsNone ? [] : [format]
}
