import { HttpError } from './http-error.js'
import type { HttpExchange } from './http-exchange.js'

/**
 * The JSON of a body. Throws an HttpError: 415 where it is sent as something else, since pages of other origins may send anything but
 * JSON without being asked, 400 where it is none.
 */
export async function readJsonBody(exchange: HttpExchange): Promise<unknown> {
  const type = exchange.header('content-type')?.split(';')[0]?.trim().toLowerCase()
  if (type !== 'application/json') throw new HttpError(415, `body: expected application/json, got ${type ?? 'no type'}`)
  const encoding = exchange.header('content-encoding')
  if (encoding !== undefined) throw new HttpError(415, `body: expected no Content-Encoding, got ${encoding}`)
  const body = await exchange.body()
  try {
    return JSON.parse(body.toString())
  } catch {
    throw new HttpError(400, 'body: expected JSON')
  }
}
