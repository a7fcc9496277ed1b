import { defineStage } from 'sluice/http'
import { ingestCodecs, ingestOptions, ingestStage } from 'sluice/ingest'

export default defineStage({
  summary: 'Takes events over HTTP on a server that does other things too; the same as the input `http` otherwise.',
  options: ingestOptions,
  codecs: ingestCodecs,
  anyTag: true,
  shared: true,
  create: (options, context) => ingestStage({ ...options, tag: context.tag }, context, options.path),
})
