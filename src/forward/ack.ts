import { AgentError } from '../plugin/errors.js'
import { ValueReader } from './value-reader.js'

const head = Buffer.from('\x81\xa3ack', 'latin1')

/**
 * `{ack: chunk}`, by which a server says that it has taken a message (Fluentd Forward Protocol Specification v1, "Response").
 * The chunk is the value of the message's option as it stood there, header included, so that what comes back is what was sent.
 */
export function writeAck(chunk: Uint8Array): Uint8Array {
  const ack = Buffer.allocUnsafe(head.length + chunk.length)
  head.copy(ack)
  ack.set(chunk, head.length)
  return ack
}

/** The chunk that a server has taken. Throws an AgentError `FORWARD_MESSAGE` for what is no acknowledgement. */
export function readAck(message: Uint8Array): string {
  const reader = new ValueReader(message)
  for (let left = reader.mapHeader(); left > 0; left--) {
    if (reader.text().toString('latin1') === 'ack') return reader.text().toString()
    reader.value()
  }
  throw new AgentError('FORWARD_MESSAGE', 'message: expected an acknowledgement, got a map without "ack"')
}
