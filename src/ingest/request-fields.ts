import type { HttpExchange } from '../http/http-exchange.js'
import type { EventRecord, Value } from '../event/event.js'
import type { IngestOptions } from './ingest-options.js'

export type FieldSettings = Pick<
  IngestOptions,
  'add_remote_addr' | 'remote_addr_key' | 'header_fields' | 'query_fields'
>

/** What of a request goes into each of its records; undefined where nothing was asked for. */
export function requestFields(settings: FieldSettings): ((exchange: HttpExchange) => EventRecord) | undefined {
  const { add_remote_addr, remote_addr_key, query_fields } = settings
  const headers = (settings.header_fields ?? []).map((name) => name.toLowerCase())
  if (!add_remote_addr && !query_fields && headers.length === 0) return undefined
  return (exchange) => ({
    ...(query_fields ? queryFields(exchange.query) : {}),
    ...headerFields(exchange, headers),
    ...(add_remote_addr ? { [remote_addr_key]: exchange.clientAddress } : {}),
  })
}

/** A parameter that is given several times is a list. */
function queryFields(query: string): EventRecord {
  const fields = new Map<string, Value>()
  for (const [name, value] of new URLSearchParams(query)) {
    const known = fields.get(name)
    fields.set(name, known === undefined ? value : [known, value].flat())
  }
  return Object.fromEntries(fields)
}

function headerFields(exchange: HttpExchange, names: readonly string[]): EventRecord {
  const given = names.map((name) => [name, exchange.header(name)] as const)
  return Object.fromEntries(given.filter((pair): pair is readonly [string, string] => pair[1] !== undefined))
}
