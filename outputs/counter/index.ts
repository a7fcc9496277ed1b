import { defineOutput, duration } from 'sluice/plugin'
import { CounterOutput } from './counter-output.js'

export default defineOutput({
  summary: 'Prints how many events came, and how many there were in all.',
  options: {
    interval: duration('Least time between two lines; by default each batch prints one.', { default: '0s' }),
  },
  create: ({ interval }, { clock }) => new CounterOutput(interval, clock, process.stdout),
})
