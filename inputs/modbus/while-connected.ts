import { LostConnectionError, SocketLine } from 'sluice/modbus'
import { connect, targetText } from 'sluice/net'
import type { InputContext } from 'sluice/plugin'

export interface ConnectedSettings {
  readonly host: string
  readonly port: number
  readonly connect_timeout: number
}

/**
 * Does `work` with a connection, and with the next one when that is lost: devices end those that they think idle. Ends with the signal;
 * throws where none can be had, or the other end hangs up without a word.
 */
export async function whileConnected(
  settings: ConnectedSettings,
  context: InputContext,
  signal: AbortSignal,
  work: (line: SocketLine) => Promise<void>,
): Promise<void> {
  while (!signal.aborted) {
    const line = await open(settings, context, signal)
    const close = (): void => line.close()
    signal.addEventListener('abort', close, { once: true })
    try {
      await work(line)
    } catch (error) {
      if (signal.aborted) return
      if (!(error instanceof LostConnectionError) || !line.hasHeard) throw error
      context.count('lost_connections')
    } finally {
      signal.removeEventListener('abort', close)
      line.close()
    }
  }
}

async function open(
  { host, port, connect_timeout: timeoutMs }: ConnectedSettings,
  { clock }: InputContext,
  signal: AbortSignal,
): Promise<SocketLine> {
  const target = { host, port }
  return new SocketLine(await connect(target, { timeoutMs, signal }), clock, targetText(target))
}
