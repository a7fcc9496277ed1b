import { type HttpExchange, parseTarget } from 'sluice/http'
import type { EventRecord } from 'sluice/plugin'

export interface RecordSettings {
  readonly query: boolean
  /** `monotonic()` of the agent's clock when it was over. */
  readonly endMs: number
}

/** What nginx calls a request whose client went away before it had an answer: no status was sent. */
const clientLeft = 499

/** Longest that a text of a client may be in a record. */
const longest = 1024

/** What there is to tell of a request that is over. What a client did not say is not there. */
export function requestRecord(exchange: HttpExchange, { query, endMs }: RecordSettings): EventRecord {
  const { clientAddress, method, host, user, sentBytes, startedMs } = exchange
  const agent = exchange.header('user-agent')
  return {
    remote: clientAddress,
    method,
    path: targetOf(exchange, query),
    status: statusOf(exchange),
    bytes: sentBytes,
    ms: Math.round((endMs - startedMs) * 1000) / 1000,
    ...(host === '' ? {} : { host: host.slice(0, longest) }),
    ...(user === undefined ? {} : { user }),
    ...(agent === undefined ? {} : { user_agent: agent.slice(0, longest) }),
  }
}

export function statusOf({ isAnswered, response }: HttpExchange): number {
  return isAnswered ? response.statusCode : clientLeft
}

/** As the client asked for it, whatever the path was rewritten to. */
export function targetOf({ request }: HttpExchange, withQuery: boolean): string {
  const { path, query } = parseTarget(request.url ?? '')
  return (withQuery && query !== '' ? `${path}?${query}` : path).slice(0, longest)
}
