import { createHttpOutput } from 'sluice/http-client'
import type { Output, OutputContext, outputOptions, ValuesOf } from 'sluice/plugin'
import type { influxdbOptions } from './options.js'

export type InfluxdbOptions = ValuesOf<typeof influxdbOptions & typeof outputOptions>

/**
 * An output that writes points. Of a body of which some points are refused the server keeps the others (InfluxDB v1 and v2, "Write
 * data", status 400 and 422), and one that comes again replaces itself: so halves of the batch find those that are meant.
 */
export function createInfluxdb(options: InfluxdbOptions, context: OutputContext): Output {
  const {
    measurement_key,
    tag_keys,
    auto_tags,
    sequence_tag,
    precision,
    http_token,
    compress,
    uri = uriOf(options),
  } = options
  const sequence = sequence_tag === undefined ? {} : { sequence_tag }
  return createHttpOutput(
    {
      options,
      uri,
      formatter: context.formatter('influx', { measurement_key, tag_keys, auto_tags, precision, ...sequence }),
      headers: http_token === undefined ? {} : { authorization: `Token ${http_token}` },
      compress,
    },
    context,
  )
}

/** `/write` (InfluxDB v1 API) or `/api/v2/write` (InfluxDB v2 API). A dollar sign in a name is none of a template. */
function uriOf({ bucket, org, database, retention_policy: rp, precision }: InfluxdbOptions): string {
  const place = bucket === undefined ? { db: database, ...(rp === undefined ? {} : { rp }) } : { org, bucket }
  // Version 1 says u where version 2 says us; both know ns, ms and s.
  const unit = bucket === undefined && precision === 'us' ? 'u' : precision
  const query = new URLSearchParams({ ...place, precision: unit })
  return `${bucket === undefined ? '/write' : '/api/v2/write'}?${query.toString()}`
}
