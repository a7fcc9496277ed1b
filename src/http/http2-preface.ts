import type { Socket } from 'node:net'

import { readBuffered } from '../net/read-buffered.js'

/** What a client sends first that knows that HTTP/2 is spoken here (RFC 9113, section 3.4). */
const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')

/** No method of HTTP/1.1 begins like this. */
const telling = 4

/** Looks at the first bytes of a connection, which stay there to be read, and tells whether they are HTTP/2. */
export function peekHttp2(socket: Socket, found: (isHttp2: boolean) => void): void {
  let head: Buffer = Buffer.alloc(0)
  const look = (): void => {
    const part = readBuffered(socket)
    if (part) head = head.length === 0 ? part : Buffer.concat([head, part])
    const begun = head.subarray(0, telling)
    const isHttp2 = begun.equals(preface.subarray(0, begun.length))
    if (isHttp2 && head.length < telling) {
      socket.once('readable', look)
      return
    }
    socket.off('end', gone)
    socket.unshift(head)
    found(isHttp2)
  }
  const gone = (): void => void socket.destroy()
  socket.once('readable', look)
  socket.once('end', gone)
}
