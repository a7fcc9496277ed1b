import { defineInput, integer, scheduled } from 'sluice/plugin'
import { cpuInput } from './cpu-input.js'

export default defineInput({
  summary: 'Reads how busy the CPUs are, or how busy one process keeps them.',
  options: {
    ...scheduled,
    pid: integer('Process to look at instead of the whole machine; 0 and -1 are the whole machine.', {
      default: -1,
      minimum: -1,
    }),
  },
  full: 'drop_oldest',
  create: (options, context) => cpuInput(options, context),
})
