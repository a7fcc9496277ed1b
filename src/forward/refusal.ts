import { AgentError, messageOf } from '../plugin/errors.js'

/** Why a connection is closed: `reason` is what the counter is called, behind `refused_`. */
export class Refusal extends AgentError {
  readonly reason: string

  constructor(reason: string, detail: string, cause?: unknown) {
    super('FORWARD_REFUSED', detail, { cause })
    this.reason = reason
  }
}

/** What a message is refused for that cannot be read; any other error stays as it is. */
export function refusalOf(error: unknown): unknown {
  if (!(error instanceof AgentError) || error instanceof Refusal) return error
  if (error.code === 'FORWARD_MESSAGE') return new Refusal('invalid_message', error.message, error)
  if (error.code === 'FORWARD_HANDSHAKE') return new Refusal('invalid_handshake', error.message, error)
  return error.code.startsWith('EVENT_') ? new Refusal('invalid_entries', error.message, error) : error
}

/** The events were not taken after all; the sender has them still. */
export function notTaken(error: Error): Refusal {
  return new Refusal('not_taken', `the events were not taken: ${messageOf(error)}`, error)
}

/** What is no message from its first byte on. */
export function notForward(bytes: Uint8Array): Refusal {
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 8)).toString('latin1')
  const [, what = 'something else'] = others.find(([begins]) => start.startsWith(begins)) ?? []
  return new Refusal('not_forward', `expected a message of the forward protocol in msgpack, got ${what}`)
}

const inJson = 'JSON, which is not taken here: let the sender use msgpack, or the input http or tcp'

const others: readonly (readonly [begins: string, what: string])[] = [
  ['{', inJson],
  ['[', inJson],
  ['\x16\x03', 'TLS: set tls, or let the sender do without'],
  ['GET ', 'HTTP'],
  ['POST ', 'HTTP'],
]
