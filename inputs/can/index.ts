import { defineInput } from 'sluice/plugin'
import { canInput } from './can-input.js'
import { canOptions } from './options.js'
import { isLive } from './sources.js'

export default defineInput({
  summary: 'Takes frames of CAN buses, off interfaces or logs, and decodes the signals in them by DBC files.',
  options: canOptions,
  full: 'wait',
  fullWith: (options) => (isLive(options) ? 'drop_oldest' : 'wait'),
  anyTag: true,
  create: (options, context) => canInput(options, context),
})
