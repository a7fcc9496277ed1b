import { toMilliseconds } from '../event/event-time.js'
import { HttpError } from '../http/http-error.js'
import type { LatestValue } from '../plugin/latest.js'

/** Which of the last values a client asks for. */
export interface LatestQuery {
  /** How their tags begin. */
  readonly prefix: string
  readonly isWanted: (value: LatestValue) => boolean
}

/** `prefix=TEXT&since=TIME`, both of them optional. Throws an HttpError with a 400 for anything else. */
export function readLatestQuery(query: string): LatestQuery {
  const given = new URLSearchParams(query)
  for (const name of given.keys())
    if (name !== 'prefix' && name !== 'since') throw wrong(name, 'one of prefix and since', name)
  const since = given.get('since')
  const sinceMs = since === null ? -Infinity : momentIn(since)
  return { prefix: given.get('prefix') ?? '', isWanted: ({ time }) => toMilliseconds(time) > sinceMs }
}

/** Seconds since 1970, or a time of ISO 8601; in milliseconds. */
function momentIn(text: string): number {
  const milliseconds = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text)
  if (Number.isFinite(milliseconds)) return milliseconds
  throw wrong('since', 'seconds since 1970 or a time such as 2026-01-02T03:04:05Z', text)
}

function wrong(name: string, expected: string, got: string): HttpError {
  return new HttpError(400, `${name}: expected ${expected}, got "${got}"`, { reason: 'bad_query' })
}
