import { open } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import type { LogOrigin } from 'sluice/can-bus'
import { connect, type Target, targetText } from 'sluice/net'
import { AgentError } from 'sluice/plugin'

const blockBytes = 64 * 1024
const connectMs = 10_000

export function fileOrigin(path: string): LogOrigin {
  return { name: `path: ${path}`, open: () => fileBytes(path) }
}

async function* fileBytes(path: string): AsyncGenerator<Uint8Array, void, undefined> {
  const file = await open(path)
  try {
    const buffer = Buffer.allocUnsafeSlow(blockBytes)
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, buffer.length)
      if (bytesRead === 0) return
      yield buffer.subarray(0, bytesRead)
    }
  } finally {
    await file.close()
  }
}

/** A stream is opened when it is asked for: merely to look at standard input opens it. */
export function streamOrigin(name: string, stream: () => Readable): LogOrigin {
  return { name, open: (signal) => streamBytes(stream(), signal) }
}

/** Lines that somebody sends over TCP to whoever connects. A sender that hangs up is called again by the engine. */
export function tcpOrigin(target: Target): LogOrigin {
  const name = targetText(target)
  return {
    name,
    async *open(signal) {
      yield* streamBytes(await connect(target, { timeoutMs: connectMs, signal }), signal)
      if (!signal.aborted) throw new AgentError('CAN_SENDER_GONE', 'the connection was closed')
    },
  }
}

async function* streamBytes(stream: Readable, signal: AbortSignal): AsyncGenerator<Uint8Array, void, undefined> {
  // A stream that nobody reads any more must not keep the process alive.
  const close = (): void => void stream.destroy()
  signal.addEventListener('abort', close, { once: true })
  try {
    yield* stream as AsyncIterable<Uint8Array>
  } catch (error) {
    if (!signal.aborted) throw error
  } finally {
    signal.removeEventListener('abort', close)
    stream.destroy()
  }
}
