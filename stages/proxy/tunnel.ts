import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { endToEnd, type HttpExchange } from 'sluice/http'

/** The two ends of an upgraded connection; `head` is what one of them has said already. */
export interface TunnelEnd {
  readonly socket: Duplex
  readonly head: Buffer
}

export interface Tunnel {
  readonly exchange: HttpExchange
  readonly message: IncomingMessage
  readonly client: TunnelEnd
  readonly upstream: TunnelEnd
}

/** Tells the client that its upgrade was agreed to, and passes bytes on, both ways, until both ends are closed. */
export function openTunnel({ exchange, message, client, upstream }: Tunnel): Promise<void> {
  exchange.isUpgraded = true
  client.socket.write(headOf(message), 'latin1')
  join(client, upstream.socket)
  join(upstream, client.socket)
  return endWith(exchange.stopping, client.socket, upstream.socket)
}

function headOf(message: IncomingMessage): string {
  const fields = Object.entries(endToEnd(message.rawHeaders)).flatMap(([name, values]) =>
    [values].flat().map((value) => `${name}: ${value}\r\n`),
  )
  const { statusMessage = '', headers } = message
  return `HTTP/1.1 101 ${statusMessage}\r\nConnection: Upgrade\r\nUpgrade: ${headers.upgrade ?? ''}\r\n${fields.join('')}\r\n`
}

/** An end that is closed closes the other one, and one that says no more is not heard any more but may still listen. */
function join({ socket, head }: TunnelEnd, other: Duplex): void {
  if (head.length > 0) other.write(head)
  socket.on('error', () => undefined) // it closes next
  socket.pipe(other)
  socket.once('close', () => other.destroy())
}

/** Nobody here knows how to say goodbye in a protocol that is not known here: a server that stops says that it says no more. */
async function endWith(stopping: AbortSignal, client: Duplex, upstream: Duplex): Promise<void> {
  const end = (): void => {
    client.end()
    upstream.end()
  }
  if (stopping.aborted) end()
  stopping.addEventListener('abort', end)
  await new Promise((resolve) => upstream.once('close', resolve))
  stopping.removeEventListener('abort', end)
}
