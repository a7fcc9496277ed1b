import type { IncomingMessage, Server } from 'node:http'
import type { Socket } from 'node:net'

/**
 * Serves a request that asks for a protocol which nobody speaks here, such as `h2c`, as if it had not asked (RFC 9110, section 7.8).
 * Node has let go of its connection by then, so the head is put back without the header `Upgrade`, and read again.
 */
export function serveInstead(server: Server, request: IncomingMessage, socket: Socket, head: Buffer): void {
  socket.unshift(Buffer.concat([Buffer.from(headWithoutUpgrade(request), 'latin1'), head]))
  server.emit('connection', socket)
}

function headWithoutUpgrade({ method = '', url = '', rawHeaders }: IncomingMessage): string {
  let head = `${method} ${url} HTTP/1.1\r\n`
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const [name = '', value = ''] = rawHeaders.slice(at, at + 2)
    if (name.toLowerCase() !== 'upgrade') head += `${name}: ${value}\r\n`
  }
  return `${head}\r\n`
}
