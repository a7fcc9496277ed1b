import { httpServerOptions } from 'sluice/http'
import { ingestCodecs, ingestOptions } from 'sluice/ingest'
import { sharingOf, sharingOptions } from 'sluice/net'
import { defineInput } from 'sluice/plugin'
import { httpInput } from './http-input.js'

export default defineInput({
  summary:
    'Takes events over HTTP: JSON, ndjson, msgpack and more, and what clients send to InfluxDB, Loki, OpenTelemetry and others.',
  options: { ...httpServerOptions(9880), ...sharingOptions, ...ingestOptions },
  ignored: {
    enable_health_endpoint: '`health_path` is always answered',
    buffer_chunk_size: 'a body is read as it comes, up to `max_body_size`',
    'http_server.buffer_chunk_size': 'a body is read as it comes, up to `max_body_size`',
    'http_server.max_connections': '`max_connections` bounds the connections',
    'http_server.ingress_queue_*': '`service.memory_limit` bounds what is held of requests too',
    'oauth2.validate=off': '',
    'oauth2.validate=false': '',
  },
  unsupported: { 'oauth2.*': 'put the stage `auth` before the stage `ingest` of a server' },
  codecs: ingestCodecs,
  anyTag: true,
  full: 'wait',
  sharing: ({ workers }) => sharingOf(workers),
  create: (options, context) => httpInput(options, context),
})
