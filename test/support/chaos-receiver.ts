/**
 * A forward server that takes events and answers as the day is: `node chaos-receiver.js PORT SEED`. It prints the field `n` of
 * every event, a line each, before it does anything else; then it acknowledges, refuses, hangs, resets the connection in the
 * middle of its answer, or acknowledges something else. Told `good` on its standard input, it only acknowledges from then on.
 */

import { acknowledge, type ForwardMessage, ForwardServer } from './forward-server.js'
import { ackOf } from './forward-ack.js'
import { printAll } from './print-all.js'
import { randomOf } from './random.js'

const random = randomOf(Number(process.argv[3]))
let isGood = false
process.stdin.on('data', () => (isGood = true))

const moods: readonly ((message: ForwardMessage) => void)[] = [
  ({ socket }) => socket.destroy(),
  () => undefined,
  ({ socket, options }) => {
    socket.write(ackOf(options.chunk ?? '').subarray(0, 5), () => socket.resetAndDestroy())
  },
  ({ socket }) => socket.write(ackOf('something else')),
]

const server = new ForwardServer()
server.answer = (message) => {
  const mood = isGood ? undefined : moods[Math.floor(random() * 20)]
  // One that refuses has not taken what it was sent.
  if (mood !== moods[0]) printAll(message.events.map(({ record }) => `${String(record['n'])}\n`).join(''))
  server.messages.length = 0
  if (mood) mood(message)
  else acknowledge(message)
}
await server.listen({ port: Number(process.argv[2]) })
