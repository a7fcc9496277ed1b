/**
 * A forward server in a process of its own, to be killed: `node forward-sink.js PORT`. It prints the field `n` of every event,
 * a line each, before it acknowledges; what was written to the pipe outlives it.
 */

import { writeSync } from 'node:fs'
import { acknowledge, ForwardServer } from './forward-server.js'

const server = new ForwardServer()
server.answer = (message) => {
  printAll(message.events.map(({ record }) => `${String(record['n'])}\n`).join(''))
  server.messages.length = 0
  acknowledge(message)
}
await server.listen({ port: Number(process.argv[2]) })

/** A pipe that is full takes a part, or nothing for now. */
function printAll(text: string): void {
  let left = Buffer.from(text)
  while (left.length > 0) {
    try {
      left = left.subarray(writeSync(1, left))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error
    }
  }
}
