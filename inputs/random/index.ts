import { defineInput, integer, scheduled } from 'sluice/plugin'
import { randomInput } from './random-input.js'

export default defineInput({
  summary: 'Makes random numbers, to try a pipeline out.',
  options: {
    ...scheduled,
    samples: integer('Events in all, after which the input is done; -1 for no end.', { default: -1, minimum: -1 }),
  },
  full: 'drop_oldest',
  create: (options, context) => randomInput(options, context),
})
