import type { Writable } from 'node:stream'

import { allowBody, cutOff, declaredBytes, tooLong } from './body.js'
import { HttpError } from './http-error.js'
import type { HttpExchange } from './http-exchange.js'

export interface BodyTaker {
  /** Longest body that is passed on; `limits.bodyBytes` of the server unless given. */
  readonly limitBytes?: number | undefined
  /** While its promise is unsettled no more is read. */
  readonly take: (part: Buffer) => void | Promise<void>
}

/**
 * Passes a body on as it comes, which takes no memory to speak of. Throws an HttpError: 413 where it is longer than the limit, 400 where
 * it breaks off; whatever `take` throws.
 */
export async function passBody(exchange: HttpExchange, { limitBytes, take }: BodyTaker): Promise<void> {
  const limit = limitBytes ?? exchange.limits.bodyBytes
  const declared = declaredBytes(exchange)
  if (declared === 0) return
  if (declared !== undefined && declared > limit) throw tooLong(limit)
  allowBody(exchange)
  let bytes = 0
  for await (const part of partsOf(exchange)) {
    bytes += part.length
    if (bytes > limit) throw tooLong(limit)
    await take(part)
  }
}

/** Leaving it early leaves the request as it is: the rest of the body is read by whoever answers. */
async function* partsOf({ request }: HttpExchange): AsyncGenerator<Buffer> {
  try {
    for await (const part of request.iterator({ destroyOnReturn: false })) yield part as Buffer
  } catch (error) {
    throw error instanceof HttpError ? error : cutOff()
  }
}

/** Resolves once a stream takes more, or none any more. */
export function writable(stream: Writable): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      stream.off('drain', done).off('close', done)
      resolve()
    }
    if (stream.destroyed) return resolve()
    stream.on('drain', done).on('close', done)
  })
}
