import { compileTemplate, defineOutput, duration, list, text } from 'sluice/plugin'
import { LatestOutput } from './latest-output.js'

export default defineOutput({
  summary: 'Keeps the last value of each series in memory, for whoever asks the agent for it.',
  options: {
    series: text('What tells the series of a tag apart, such as `$name` or `$bus/$id`; by default a tag is one.', {
      default: '',
    }),
    fields: list('Fields to keep; all of them unless given.'),
    ttl: duration('How long a value is kept that no newer one follows.', {
      default: '1h',
      minimum: 1000,
      maximum: 86_400_000,
    }),
  },
  create: ({ series, fields, ttl }, context) =>
    new LatestOutput({ seriesOf: compileTemplate(series), fields, ttlMs: ttl }, context),
})
