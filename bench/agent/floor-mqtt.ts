/** The least that Node takes for PUBLISH packets: finds where each ends and answers QoS 1, all of one read in one write. Prints its port. */

import { type AddressInfo, createServer } from 'node:net'

const server = createServer({ noDelay: true }, (socket) => {
  let rest: Buffer = Buffer.alloc(0)
  socket.on('error', () => undefined)
  socket.on('data', (read) => {
    const bytes = rest.length > 0 ? Buffer.concat([rest, read]) : read
    const answers: number[] = []
    let at = 0
    while (at + 3 <= bytes.length) {
      const first = bytes[at] as number
      const low = bytes[at + 1] as number
      const head = low < 128 ? 2 : 3
      const end = at + head + (low < 128 ? low : (low & 127) | ((bytes[at + 2] as number) << 7))
      if (end > bytes.length) break
      if (first === 0x10) answers.push(0x20, 2, 0, 0)
      else if (first === 0x32) answers.push(0x40, 2, 0, 1)
      at = end
    }
    if (bytes[at] === 0xc0 && at + 2 <= bytes.length) {
      answers.push(0xd0, 0)
      at += 2
    }
    rest = bytes.subarray(at)
    if (answers.length > 0) socket.write(Buffer.from(answers))
  })
})
server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port))
