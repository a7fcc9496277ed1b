/** A forward server that does the least possible: finds each message's chunk id and sends it back. Prints its port. */

import { type AddressInfo, createServer, type Socket } from 'node:net'

const key = Buffer.from('\xa5chunk', 'latin1')
const ackHead = Buffer.from('\x81\xa3ack', 'latin1')

/** Ids are short texts: fixstr or str 8 (MessagePack specification, "str format family"). */
function idAfter(bytes: Buffer, at: number): Buffer | undefined {
  const marker = bytes[at]
  if (marker === undefined) return undefined
  const [head, length] = marker === 0xd9 ? [2, bytes[at + 1] ?? Infinity] : [1, marker & 0x1f]
  return at + head + length <= bytes.length ? bytes.subarray(at, at + head + length) : undefined
}

function acknowledge(socket: Socket): void {
  let rest: Buffer = Buffer.alloc(0)
  socket.on('error', () => undefined)
  socket.on('data', (read) => {
    const bytes = rest.length > 0 ? Buffer.concat([rest, read]) : read
    let from = 0
    for (let at = bytes.indexOf(key); at >= 0; at = bytes.indexOf(key, from)) {
      const id = idAfter(bytes, at + key.length)
      if (!id) break
      socket.write(Buffer.concat([ackHead, id]))
      from = at + key.length + id.length
    }
    rest = Buffer.from(bytes.subarray(Math.max(from, bytes.length - 128)))
  })
}

const server = createServer({ noDelay: true }, acknowledge)
server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port))
