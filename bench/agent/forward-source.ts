/**
 * Sends PackedForward messages of encoded events and waits for the acknowledgement of each: node forward-source.js PORT EVENTS.
 * Prints a line when all are acknowledged.
 */

import { once } from 'node:events'
import { connect } from 'node:net'
import { encode } from '@msgpack/msgpack'
import { blockOfEvents, eventsPerBlock } from './pipeline.js'

const [port = '', events = '0'] = process.argv.slice(2)
const messages = Math.ceil(Number(events) / eventsPerBlock)
/** As many as a sender has under way. */
const mostWaiting = 32
const ackBytes = encode({ ack: idOf(0) }).length

/** 24 characters, as 128 bits in base64. */
function idOf(n: number): string {
  return n.toString(36).padStart(24, '0')
}

const body = Buffer.from(encode(['relay', blockOfEvents(), { size: eventsPerBlock, chunk: idOf(0) }]))
const idAt = body.lastIndexOf(idOf(0))
/** A buffer is written again only once its message was acknowledged. */
const ring = Array.from({ length: mostWaiting }, () => Buffer.from(body))

const socket = connect({ port: Number(port), host: '127.0.0.1', noDelay: true })
await once(socket, 'connect')
let [sent, received] = [0, 0]

function send(): void {
  while (sent < messages && sent - Math.floor(received / ackBytes) < mostWaiting) {
    const message = ring[sent % mostWaiting] as Buffer
    message.write(idOf(sent++), idAt, 'latin1')
    socket.write(message)
  }
}

socket.on('data', (bytes) => {
  received += bytes.length
  if (received === messages * ackBytes) {
    socket.end()
    console.log('done')
  }
  send()
})
send()
