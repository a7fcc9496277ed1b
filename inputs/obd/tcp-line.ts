import type { Socket } from 'node:net'
import { connect, SocketReads, type Target, targetText } from 'sluice/net'
import { AgentError, type PluginContext } from 'sluice/plugin'
import type { AdapterLine } from './elm327.js'

const connectMs = 10_000

/** Does `work` with an adapter that is reached over the network; ends with the signal, or throws why it cannot go on. */
export async function whileConnected(
  target: Target,
  context: PluginContext,
  signal: AbortSignal,
  work: (line: AdapterLine) => Promise<void>,
): Promise<void> {
  const socket = await connect(target, { timeoutMs: connectMs, signal })
  const close = (): void => void socket.destroy()
  signal.addEventListener('abort', close, { once: true })
  try {
    await work(new TcpLine(socket, context, targetText(target)))
  } catch (error) {
    if (!signal.aborted) throw error
  } finally {
    signal.removeEventListener('abort', close)
    socket.destroy()
  }
}

/** A socket in place of a serial line. */
class TcpLine implements AdapterLine {
  readonly #socket: Socket
  readonly #reads: SocketReads
  readonly #context: PluginContext
  readonly #where: string
  /** A read that goes on although its time was over: the next call takes what it brings. */
  #reading: Promise<Uint8Array | undefined> | undefined

  constructor(socket: Socket, context: PluginContext, where: string) {
    this.#socket = socket
    this.#reads = new SocketReads(socket)
    this.#context = context
    this.#where = where
  }

  async next(timeoutMs: number): Promise<Uint8Array | undefined> {
    this.#reading ??= this.#reads.next()
    const done = new AbortController()
    try {
      const bytes = await Promise.race([this.#reading, this.#context.clock.sleep(timeoutMs, done.signal).then(isLate)])
      if (bytes === 'late') return undefined
      this.#reading = undefined
      if (bytes) return bytes
      throw new AgentError('OBD_ADAPTER_CLOSED', `${this.#where}: the adapter has closed the connection`)
    } finally {
      done.abort()
    }
  }

  write(bytes: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#socket.write(bytes, (error) => (error ? reject(error) : resolve()))
    })
  }
}

function isLate(): 'late' {
  return 'late'
}
