import { defineInput, integer, scheduled } from 'sluice/plugin'
import { memInput } from './mem-input.js'

export default defineInput({
  summary: 'Reads how much memory and swap the machine uses.',
  options: {
    ...scheduled,
    pid: integer('Process whose memory is added to the record; 0 is none.', { default: 0, minimum: 0 }),
  },
  full: 'drop_oldest',
  create: (options, context) => memInput(options, context),
})
