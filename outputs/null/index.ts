import { defineOutput } from 'sluice/plugin'

export default defineOutput({
  summary: 'Takes events and forgets them.',
  options: {},
  ignored: { format: 'nothing is formatted' },
  create: (_options, context) => ({
    async flush(batch) {
      context.count('dropped_bytes', batch.bytes)
    },
  }),
})
