import { defineInput } from 'sluice/plugin'
import { lorawanInput } from './lorawan-input.js'
import { lorawanOptions } from './options.js'

export default defineInput({
  summary: 'Takes what LoRa gateways receive, by the UDP protocol of Semtech, and reads LoRaWAN frames.',
  options: lorawanOptions,
  codecs: ({ devices = [] }) => devices.flatMap(({ parser }) => parser ?? []),
  full: 'drop_oldest',
  create: (options, context) => lorawanInput(options, context),
})
