import { httpServerOptions } from 'sluice/http'
import { ingestCodecs, ingestOptions } from 'sluice/ingest'
import { defineInput } from 'sluice/plugin'
import { httpInput } from './http-input.js'

export default defineInput({
  summary:
    'Takes events over HTTP: JSON, ndjson, msgpack and more, and what clients send to InfluxDB, Loki, OpenTelemetry and others.',
  options: { ...httpServerOptions(9880), ...ingestOptions },
  codecs: ingestCodecs,
  anyTag: true,
  full: 'wait',
  create: (options, context) => httpInput(options, context),
})
