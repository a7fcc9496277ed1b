import { EntryWriter } from '../event/entry-writer.js'
import type { Value } from '../event/event.js'
import { AgentError } from '../plugin/errors.js'
import type { Text } from './digests.js'
import { ValueReader } from './value-reader.js'

/** The server asks for a key, as soon as a client has connected (Fluentd Forward Protocol Specification v1, "HELO"). */
export interface Helo {
  readonly nonce: Text
  /** Salt of the password's digest; empty where the server has no users. */
  readonly auth: Text
  /** Whether the client may go on using the connection. */
  readonly keepalive: boolean
}

/** The client shows what it knows ("PING"). */
export interface Ping {
  /** Name of the client's host. */
  readonly hostname: string
  readonly salt: Text
  readonly digest: string
  /** Empty where the server asks for no user, as is the digest of the password. */
  readonly user: string
  readonly passwordDigest: string
}

/** The server lets the client in, or tells why not ("PONG"). */
export interface Pong {
  readonly accepted: boolean
  /** Fluent Bit keeps 31 bytes of it, and copies all that it is given: see `longestReason`. */
  readonly reason: string
  /** Name of the server's host. */
  readonly hostname: string
  /** Shows that the server knows the key as well; empty in a refusal. */
  readonly digest: string
}

/** In bytes. Fluent Bit copies the reason into an array of 32 without looking at its length (out_forward, `secure_forward_pong`). */
export const longestReason = 31

export function writeHelo({ nonce, auth, keepalive }: Helo): Uint8Array {
  return written(['HELO', { nonce, auth, keepalive }])
}

export function writePing(ping: Ping): Uint8Array {
  return written(['PING', ping.hostname, ping.salt, ping.digest, ping.user, ping.passwordDigest])
}

export function writePong(pong: Pong): Uint8Array {
  return written(['PONG', pong.accepted, pong.reason, pong.hostname, pong.digest])
}

/** Throws an AgentError `FORWARD_HANDSHAKE`, as the other two do, for what is no such message. */
export function readHelo(message: Uint8Array): Helo {
  return reading(message, 'HELO', (reader) => {
    const helo: { nonce: Text; auth: Text; keepalive: boolean } = { nonce: '', auth: '', keepalive: true }
    for (let left = reader.mapHeader(); left > 0; left--) {
      const name = reader.text().toString()
      if (name === 'keepalive') helo.keepalive = reader.flag()
      else if ((name === 'nonce' || name === 'auth') && reader.peek() !== 0xc0) helo[name] = Buffer.from(reader.text())
      else reader.value()
    }
    if (helo.nonce.length === 0) throw handshake('HELO', 'it has no nonce')
    return helo
  })
}

export function readPing(message: Uint8Array): Ping {
  return reading(message, 'PING', (reader) => {
    const hostname = reader.text().toString()
    const salt = Buffer.from(reader.text())
    const [digest = '', user = '', password = ''] = [reader.text(), reader.text(), reader.text()].map(String)
    return { hostname, salt, digest, user, passwordDigest: password }
  })
}

/** Fluent Bit leaves out the digest of a refusal. */
export function readPong(message: Uint8Array): Pong {
  return reading(message, 'PONG', (reader) => {
    const accepted = reader.flag()
    const [reason = '', hostname = ''] = [reader.text(), reader.text()].map(String)
    return { accepted, reason, hostname, digest: reader.done ? '' : reader.text().toString() }
  })
}

/** Whether a message is one of this name, such as a HELO where an acknowledgement was awaited. */
export function isHandshake(message: Uint8Array, name: 'HELO' | 'PING' | 'PONG'): boolean {
  const reader = new ValueReader(message)
  const first = reader.peek()
  if (first < 0x91 || first > 0x9f) return false
  reader.at++
  const mark = reader.peek()
  return mark >= 0xa0 && mark < 0xc0 && reader.text().toString('latin1') === name
}

type Name = Parameters<typeof isHandshake>[1]

function reading<T>(message: Uint8Array, name: Name, read: (reader: ValueReader) => T): T {
  try {
    const reader = new ValueReader(message)
    reader.arrayHeader()
    if (reader.text().toString('latin1') !== name) throw handshake(name, 'it is something else')
    return read(reader)
  } catch (error) {
    if (error instanceof AgentError && error.code === 'FORWARD_HANDSHAKE') throw error
    throw handshake(name, error instanceof Error ? error.message : 'it cannot be read', error)
  }
}

function handshake(name: Name, problem: string, cause?: unknown): AgentError {
  return new AgentError('FORWARD_HANDSHAKE', `handshake: expected a ${name}, but ${problem}`, { cause })
}

function written(message: readonly Value[]): Uint8Array {
  const writer = new EntryWriter(512)
  writer.writeValue(message)
  return writer.take()
}
