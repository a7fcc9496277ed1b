import { defineInput, integer } from 'sluice/plugin'
import { kmsgInput } from './kmsg-input.js'
import { kernelDevice } from './device.js'

export default defineInput({
  summary: "Reads the kernel's log.",
  options: {
    prio_level: integer('Least urgent priority that is taken, from 0 (emergency) to 7 (debug); 8 takes all.', {
      default: 8,
      minimum: 0,
      maximum: 8,
    }),
  },
  full: 'wait',
  ack: 'stored',
  create: (options, context) => kmsgInput(options, context, kernelDevice),
})
