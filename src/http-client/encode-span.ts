import type { EncodedEvents } from '../event/event.js'
import type { Formatter } from '../plugin/context.js'
import type { Compress } from './compress.js'
import type { Encoded } from './deliver.js'
import type { Span } from './span.js'

/** The body of a request. What the format has refused is not in it. */
export async function encodeSpan(
  { chunks }: Span,
  formatter: Formatter,
  compress: Compress | undefined,
): Promise<Encoded> {
  const refused = new Map<number, string>()
  const body = formatter.format(chunks, (place, reason) => void refused.set(place, reason))
  return { body: compress ? await compress(body) : owned(body, chunks), refused }
}

/** What no request can be made for. */
export function withoutHead({ count }: Span, uri: string): Encoded {
  const reason = `uri: the event lacks a field that ${JSON.stringify(uri)} names`
  return { body: new Uint8Array(), refused: new Map(Array.from({ length: count }, (_, place) => [place, reason])) }
}

/**
 * A server may answer before it has read the body, and the connection goes on sending it: bytes that were lent for the flush
 * must not be among them.
 */
function owned(body: Uint8Array, chunks: readonly EncodedEvents[]): Uint8Array {
  return chunks.some(({ entries }) => entries.buffer === body.buffer) ? new Uint8Array(body) : body
}
