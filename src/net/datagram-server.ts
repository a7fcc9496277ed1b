import { createSocket, type RemoteInfo } from 'node:dgram'
import type { InputContext } from '../plugin/context.js'
import { AgentError, messageOf } from '../plugin/errors.js'
import { integer, size, text } from '../plugin/options.js'
import { hostForm, targetText } from './target.js'
import { untilStopped } from './until-stopped.js'

/** Options of an input that is sent datagrams. */
export const datagramServerOptions = (port: number) =>
  ({
    listen: text('Address to listen on; `0.0.0.0` or `::` for all.', { default: '127.0.0.1', ...hostForm }),
    port: integer('Port to listen on; 0 for any free one.', { default: port, minimum: 0, maximum: 65_535 }),
    receive_buffer_size: size('Bytes of datagrams that the kernel keeps while the agent is busy.', { minimum: 1024 }),
  }) as const

export interface DatagramServerSettings {
  readonly listen: string
  readonly port: number
  readonly receive_buffer_size?: number | undefined
  /** What the log says once it listens; by default `listening`. */
  readonly logged?: string
}

/** Sends without waiting; what is lost, or comes when nobody listens any more, nobody hears of. */
export type SendDatagram = (bytes: Uint8Array, to: RemoteInfo) => void

export type TakeDatagram = (bytes: Buffer, from: RemoteInfo, send: SendDatagram) => void

/** Takes datagrams until the signal is aborted. Throws an AgentError `NET_LISTEN` when it cannot listen, or no longer. */
export async function serveDatagrams(
  { listen: host, port, receive_buffer_size: recvBufferSize, logged = 'listening' }: DatagramServerSettings,
  { log }: Pick<InputContext, 'log'>,
  signal: AbortSignal,
  take: TakeDatagram,
): Promise<void> {
  if (signal.aborted) return
  const type = host.includes(':') ? 'udp6' : 'udp4'
  const socket = createSocket({ type, ...(recvBufferSize === undefined ? {} : { recvBufferSize }) })
  let isOpen = true
  const send: SendDatagram = (bytes, to) => {
    if (isOpen) socket.send(bytes, to.port, to.address, () => undefined)
  }
  socket.on('message', (bytes, from) => take(bytes, from, send))
  try {
    await untilStopped(signal, async (failed) => {
      socket.on('error', (cause) => {
        const where = targetText({ host, port })
        failed(new AgentError('NET_LISTEN', `listen on ${where}: ${messageOf(cause)}`, { cause }))
      })
      socket.bind({ address: host, port }, () => {
        log.info(logged, { addresses: targetText({ host, port: socket.address().port }) })
      })
    })
  } finally {
    isOpen = false
    socket.close()
  }
}
