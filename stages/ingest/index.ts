import { defineStage } from 'sluice/http'
import { ingestCodecs, ingestOptions, ingestStage } from 'sluice/ingest'
import { text } from 'sluice/plugin'

export default defineStage({
  summary: 'Takes events over HTTP on a server that does other things too; the same as the input `http` otherwise.',
  options: {
    tag: text('Tag of events that nothing else gives one.', { default: 'http', filled: true }),
    ...ingestOptions,
  },
  codecs: ingestCodecs,
  create: (options, context) => ingestStage(options, context, options.path),
})
