import type { OutgoingHttpHeaders } from 'node:http'
import { appended, declaredBytes, endToEnd, forwardedFields, type HttpExchange, withoutForwarded } from 'sluice/http'

/** What this end sees to: how long the body is, and that the client may go on to send it. */
const ofThisEnd = ['content-length', 'expect']

export interface RequestHeaderSettings {
  /** What the upstream is called. */
  readonly host: string
  readonly preserveHost: boolean
  readonly trustForwarded: boolean
  /** Whether the client wants to speak another protocol. */
  readonly isUpgrade: boolean
}

/** What an upstream is told of a request: the client's own headers, and who the client is. */
export function requestHeaders(exchange: HttpExchange, settings: RequestHeaderSettings): OutgoingHttpHeaders {
  const { connection, hops, request } = exchange
  const said = endToEnd(request.rawHeaders)
  const fields = settings.trustForwarded ? said : withoutForwarded(said)
  const asked = askedHost(exchange)
  for (const name of ofThisEnd) delete fields[name]
  return {
    ...fields,
    host: settings.preserveHost ? asked : settings.host,
    ...framing(exchange),
    ...forwardedFields({ connection, hops: settings.trustForwarded ? hops.slice(-1) : hops, host: asked }, fields),
    via: appended(fields['via'], '1.1 sluice'),
    ...(settings.isUpgrade ? { connection: 'Upgrade', upgrade: exchange.header('upgrade') } : {}),
  }
}

/** The server that the client asked for, as it said it. */
export function askedHost(exchange: HttpExchange): string {
  return exchange.header(':authority') ?? exchange.header('host') ?? ''
}

/** One of the two, whatever the client said: a body with both lengths is of two lengths (RFC 9112, section 6.3). */
function framing(exchange: HttpExchange): OutgoingHttpHeaders {
  const bytes = declaredBytes(exchange)
  if (bytes === undefined) return { 'transfer-encoding': 'chunked' }
  return exchange.header('content-length') === undefined ? {} : { 'content-length': String(bytes) }
}
