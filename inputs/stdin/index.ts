import { framingOptions } from 'sluice/framing'
import { defineInput, parsed, size } from 'sluice/plugin'
import { stdinInput } from './stdin-input.js'

export default defineInput({
  summary: 'Takes events from standard input, and is done when it ends.',
  options: {
    ...parsed,
    ...framingOptions,
    buffer_size: size('Longest frame; longer ones are dropped.', { default: '64KiB', minimum: 16 }),
  },
  full: 'wait',
  create: (options, context) => stdinInput(options, context, () => process.stdin),
})
