import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { buffer } from 'node:stream/consumers'

import { AgentError, messageOf } from '../../plugin/errors.js'

/** Bytes of one read: some thousands of lines. */
const readBytes = 256 * 1024

/** The bytes of a file, or of standard input for `-`, until the signal is aborted. Throws `CLI_CAN_UNREADABLE`. */
export async function* bytesOf(path: string, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  const stream = path === '-' ? process.stdin : createReadStream(path, { highWaterMark: readBytes })
  // A sender that is silent must not keep whoever wants to stop.
  signal?.addEventListener('abort', () => void stream.destroy(), { once: true })
  try {
    for await (const bytes of stream) yield bytes as Uint8Array
  } catch (error) {
    if (!signal?.aborted) throw unreadable(path, error)
  }
}

/** A whole file, or all of standard input for `-`. Throws `CLI_CAN_UNREADABLE`. */
export async function fileOf(path: string): Promise<Uint8Array> {
  try {
    return await (path === '-' ? buffer(process.stdin) : readFile(path))
  } catch (error) {
    throw unreadable(path, error)
  }
}

function unreadable(path: string, error: unknown): AgentError {
  return new AgentError('CLI_CAN_UNREADABLE', `"${path}": cannot read: ${messageOf(error)}`, { cause: error })
}
