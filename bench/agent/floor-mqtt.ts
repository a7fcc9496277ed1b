/** The least that Node takes for PUBLISH packets: finds where each ends and answers QoS 1, all of one read in one write. Prints its port. */

import { type AddressInfo, createServer } from 'node:net'

/** By the first byte of a packet: CONNECT, PUBLISH of QoS 1 (all have the same identifier) and PINGREQ. */
const answersTo = new Map([
  [0x10, [0x20, 2, 0, 0]],
  [0x32, [0x40, 2, 0, 1]],
  [0xc0, [0xd0, 0]],
])

/** Where the packet at `at` ends; Infinity where that is not there yet. */
function endOf(bytes: Buffer, at: number): number {
  const low = bytes[at + 1] ?? 255
  if (low < 128) return at + 2 + low
  const high = bytes[at + 2]
  return high === undefined ? Infinity : at + 3 + ((low & 127) | (high << 7))
}

const server = createServer({ noDelay: true }, (socket) => {
  let rest: Buffer = Buffer.alloc(0)
  socket.on('error', () => undefined)
  socket.on('data', (read) => {
    const bytes = rest.length > 0 ? Buffer.concat([rest, read]) : read
    const answers: number[] = []
    let at = 0
    for (let end = endOf(bytes, at); end <= bytes.length; end = endOf(bytes, at)) {
      answers.push(...(answersTo.get(bytes[at] as number) ?? []))
      at = end
    }
    rest = bytes.subarray(at)
    if (answers.length > 0) socket.write(Buffer.from(answers))
  })
})
server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port))
