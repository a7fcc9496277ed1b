/**
 * A forward server in a process of its own, to be killed: `node forward-sink.js PORT`. It prints the field `n` of every event,
 * a line each, before it acknowledges; what was written to the pipe outlives it.
 */

import { acknowledge, ForwardServer } from './forward-server.js'
import { printAll } from './print-all.js'

const server = new ForwardServer()
server.answer = (message) => {
  printAll(message.events.map(({ record }) => `${String(record['n'])}\n`).join(''))
  server.messages.length = 0
  acknowledge(message)
}
await server.listen({ port: Number(process.argv[2]) })
