import type { FileHandle } from 'node:fs/promises'
import type { HttpExchange } from 'sluice/http'
import type { Clock } from 'sluice/plugin'

import type { ByteRange } from './byte-range.js'

export interface SendSettings {
  readonly clock: Clock
  /** Longest that a client may take nothing of what it is sent. */
  readonly stallMs: number
}

/** What is read at once; a client that takes none of it holds no more of the memory. */
const partBytes = 65_536

/**
 * Writes a part of a file behind the head of an answer, and no more of it than the client takes. The connection is broken off where
 * the file has become shorter, which a client could not tell from the rest of its answer, and where the client stalls.
 */
export async function sendBody(
  exchange: HttpExchange,
  handle: FileHandle,
  { first, end }: ByteRange,
  settings: SendSettings,
): Promise<void> {
  const { response } = exchange
  for (let at = first; at < end && !exchange.isAborted;) {
    const part = await readPart(handle, at, Math.min(partBytes, end - at))
    at += part.length
    exchange.sentBytes += part.length
    const goesOn = part.length > 0 && (response.write(part) || at === end || (await drained(exchange, settings)))
    if (!goesOn) return void response.destroy()
  }
  response.end()
}

async function readPart(handle: FileHandle, at: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafeSlow(length)
  const { bytesRead } = await handle.read(buffer, 0, length, at)
  return buffer.subarray(0, bytesRead)
}

/** Whether the client took what was written, in time. */
function drained({ response, isAborted }: HttpExchange, { clock, stallMs }: SendSettings): Promise<boolean> {
  if (isAborted) return Promise.resolve(false)
  return new Promise((resolve) => {
    const settle = (isDrained: boolean): void => {
      cancel()
      response.off('drain', took).off('close', left)
      resolve(isDrained)
    }
    const took = (): void => settle(true)
    const left = (): void => settle(false)
    const cancel = clock.after(stallMs, left)
    response.once('drain', took).once('close', left)
  })
}
