import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2'

export type HttpRequest = IncomingMessage | Http2ServerRequest

/** One type for both protocols: what they have in common is all that is used of them. */
export type HttpResponse = ServerResponse | (Http2ServerResponse & ServerResponse)
