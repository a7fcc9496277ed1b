import type { InputContext } from '../../plugin/context.js'
import { AgentError } from '../../plugin/errors.js'
import type { Api, ApiOf } from './api.js'
import { elasticsearch } from './elasticsearch.js'
import { influxdb } from './influxdb.js'
import { loki } from './loki.js'
import { otlp } from './otlp.js'
import { prometheus } from './prometheus.js'
import { splunk } from './splunk.js'

interface KnownApi {
  readonly create: ApiOf
  /** Of the bodies. */
  readonly codec: string
}

const known: { readonly [name: string]: KnownApi | undefined } = {
  influxdb: { create: influxdb, codec: 'influx' },
  loki: { create: loki, codec: 'loki' },
  otlp: { create: otlp, codec: 'otlp' },
  prometheus: { create: prometheus, codec: 'prometheus_remote_write' },
  splunk: { create: splunk, codec: 'splunk_hec' },
  elasticsearch: { create: elasticsearch, codec: 'elasticsearch_bulk' },
}

/** Throws an AgentError `INGEST_API` for a name that is none. */
export function apisOf(names: readonly string[], context: InputContext): readonly Api[] {
  return names.map((name) => {
    const api = known[name]
    if (api) return api.create(context)
    throw new AgentError('INGEST_API', `apis: expected ${Object.keys(known).join(', ')}, got "${name}"`)
  })
}

/** What plugins that serve this must have at hand; JSON is read without a codec. */
export function ingestCodecs({ apis }: { readonly apis: readonly string[] }): readonly string[] {
  const plain = ['msgpack', 'csv', 'form', 'none']
  return [...plain, ...apis.flatMap((name) => known[name]?.codec ?? [])]
}
