/**
 * The least that Node takes to relay: node floor-relay.js PORT. Finds each PackedForward message, steps over its entries value by
 * value, writes it on as it is, and hands back each acknowledgement. Prints its port.
 */

import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { skipValue } from '../../src/event/entry-skipper.js'

const sinkPort = Number(process.argv[2])

/** Where the message ends that begins here: `[tag, bin 32, map of two]`, as the bench writes it; -1 where it is not all there. */
function endOf(bytes: Buffer, start: number): number {
  const bodyAt = start + 1 + 1 + ((bytes[start + 1] ?? 0) & 0x1f)
  if (bodyAt + 5 > bytes.length) return -1
  const end = bodyAt + 5 + bytes.readUInt32BE(bodyAt + 1)
  if (end + optionBytes > bytes.length) return -1
  for (let at = bodyAt + 5; at < end;) at = skipValue(bytes, at)
  return end + optionBytes
}

/** `{size: 500, chunk: 24 characters}` */
const optionBytes = 1 + 5 + 3 + 6 + 25

function relay(client: Socket): void {
  const sink = connect({ port: sinkPort, host: '127.0.0.1', noDelay: true })
  sink.on('data', (acks) => client.write(acks)).on('error', () => client.destroy())
  let rest: Buffer = Buffer.alloc(0)
  client.on('data', (read) => {
    const bytes = rest.length > 0 ? Buffer.concat([rest, read]) : read
    let start = 0
    for (let end = endOf(bytes, start); end >= 0; end = start < bytes.length ? endOf(bytes, start) : -1) {
      if (!sink.write(bytes.subarray(start, end))) client.pause()
      start = end
    }
    rest = bytes.subarray(start)
  })
  sink.on('drain', () => client.resume())
  client.on('close', () => sink.destroy()).on('error', () => undefined)
}

const server = createServer({ noDelay: true }, relay)
server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port))
