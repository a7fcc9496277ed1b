import { HttpError } from '../../http/http-error.js'
import { compilePattern } from '../../route/pattern.js'

/** What a client of `/tap` asks for. */
export interface TapQuery {
  readonly matches: (tag: string) => boolean
  /** One event of so many. */
  readonly sample: number
  /** Most events a second. */
  readonly rate: number
}

const defaultRate = 100
/** Events a second, of all clients together: what makes them costs some 15 µs of CPU each. */
export const mostRate = 1000
const mostSample = 1_000_000

/** `tag=PATTERN&sample=N&rate=N`, all of them optional. Throws an HttpError with a 400 for anything else. */
export function readTapQuery(query: string): TapQuery {
  const given = new URLSearchParams(query)
  for (const name of given.keys())
    if (!['tag', 'sample', 'rate'].includes(name)) throw wrong(name, 'one of tag, sample and rate', name)
  return {
    matches: compilePattern({ match: given.get('tag') ?? '*' }),
    sample: numberIn(given, 'sample', 1, mostSample),
    rate: numberIn(given, 'rate', defaultRate, mostRate),
  }
}

function numberIn(given: URLSearchParams, name: string, fallback: number, most: number): number {
  const text = given.get(name)
  if (text === null) return fallback
  const value = Number(text)
  if (/^\d{1,7}$/.test(text) && value >= 1 && value <= most) return value
  throw wrong(name, `a whole number from 1 to ${most}`, text)
}

function wrong(name: string, expected: string, got: string): HttpError {
  return new HttpError(400, `${name}: expected ${expected}, got "${got}"`, { reason: 'bad_query' })
}
