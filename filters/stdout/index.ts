import { defineFilter } from 'sluice/plugin'
import { lineOf } from './line.js'

export default defineFilter({
  summary: 'Prints every event that passes, and lets it pass as it is.',
  options: {},
  create: () => ({
    apply(event) {
      process.stdout.write(lineOf(event))
      return event
    },
  }),
})
