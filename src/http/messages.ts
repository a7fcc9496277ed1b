import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2'

export type HttpRequest = IncomingMessage | Http2ServerRequest

/** One type for both protocols: what they have in common is all that is used of them. */
export type HttpResponse = ServerResponse | (Http2ServerResponse & ServerResponse)

/** Whether it ended before all of it was sent. */
export function isCutOff(response: HttpResponse): boolean {
  if (!('stream' in response)) return response.destroyed && !response.writableFinished
  // A stream that the client reset is ended by Node, and so looks as if it were finished.
  const { aborted, destroyed, writableFinished } = response.stream
  return aborted || (destroyed && !writableFinished)
}
