import type { HttpExchange } from '../http/http-exchange.js'
import type { IngestSettings } from './ingest-options.js'

export type TagSettings = Pick<IngestSettings, 'tag' | 'tag_header' | 'tag_from_path'>

/** The tag of a request's events, where none of their fields holds it: from a header, the path, or the input's own. */
export function requestTag(exchange: HttpExchange, settings: TagSettings, prefix: string): string {
  const { tag, tag_header, tag_from_path } = settings
  const given = tag_header === undefined ? undefined : exchange.header(tag_header.toLowerCase())
  if (given !== undefined && given !== '') return given
  return (tag_from_path && tagOfPath(exchange.path.slice(prefix.length))) || tag
}

/** As Fluent Bit has it: without the first slash, and what is no letter, digit, dot or underscore becomes an underscore. */
export function tagOfPath(path: string): string {
  return path.slice(1).replace(/[^\w.]/g, '_')
}
