import { HttpError } from '../http/http-error.js'
import { AgentError } from '../plugin/errors.js'

/** What tells where a body is wrong, on errors that know. */
const places = ['index', 'offset', 'line'] as const

/** What a reader refuses is the client's to know, as a 400 or a 413; whatever else was thrown is a fault of ours. */
export function refusal(error: unknown): unknown {
  if (!(error instanceof AgentError) || error instanceof HttpError) return error
  const known = places.map((name) => [name, Reflect.get(error, name) as unknown] as const)
  const fields = Object.fromEntries(
    known.filter((pair): pair is [(typeof places)[number], number] => typeof pair[1] === 'number'),
  )
  if (error.code === 'SNAPPY_TOO_LARGE')
    return new HttpError(413, error.message, { cause: error, reason: 'inflated_too_long' })
  return new HttpError(400, error.message, { cause: error, fields, reason: 'invalid' })
}
