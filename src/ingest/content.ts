/** What a request says its body is. */
export type Content = 'json' | 'ndjson' | 'msgpack' | 'form' | 'csv' | 'text'

const byType: ReadonlyMap<string, Content> = new Map([
  ['application/json', 'json'],
  ['text/json', 'json'],
  ['application/x-ndjson', 'ndjson'],
  ['application/ndjson', 'ndjson'],
  ['application/jsonl', 'ndjson'],
  ['application/x-jsonlines', 'ndjson'],
  ['application/json-lines', 'ndjson'],
  ['application/stream+json', 'ndjson'],
  ['application/msgpack', 'msgpack'],
  ['application/x-msgpack', 'msgpack'],
  ['application/vnd.msgpack', 'msgpack'],
  ['application/x-www-form-urlencoded', 'form'],
  ['text/csv', 'csv'],
  ['text/plain', 'text'],
])

/** The media type alone, in lower case: `application/json` of `Application/JSON; charset=utf-8`. */
export function mediaType(contentType: string): string {
  const end = contentType.indexOf(';')
  return (end < 0 ? contentType : contentType.slice(0, end)).trim().toLowerCase()
}

/** A body that nothing is said of is JSON; undefined for types that nobody here can read. */
export function contentOf(contentType: string | undefined): Content | undefined {
  if (contentType === undefined) return 'json'
  const type = mediaType(contentType)
  return byType.get(type) ?? (type.endsWith('+json') ? 'json' : undefined)
}
