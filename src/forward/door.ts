import { randomBytes } from 'node:crypto'
import { passwordDigest, sameDigest, sharedKeyDigest } from './digests.js'
import { type Ping, readPing, writeHelo, writePong } from './handshake.js'
import { Refusal } from './refusal.js'

export interface DoorSettings {
  /** Name of this server, as its clients get to know it. */
  readonly hostname: string
  readonly sharedKey: string
  /** Passwords by user; empty where clients are asked for none. */
  readonly users: ReadonlyMap<string, string>
}

/** A message of the handshake has some 400 bytes. */
export const longestPing = 8192

/** Of 128 bits in hex, so that every client reads the same bytes, whether it takes them for text or not. */
const salt = (): string => randomBytes(16).toString('hex')

/** The server's side of one handshake (Fluentd Forward Protocol Specification v1, "Handshake Messages"). */
export class Door {
  readonly #settings: DoorSettings
  readonly #nonce = salt()
  readonly #authSalt: string

  constructor(settings: DoorSettings) {
    this.#settings = settings
    this.#authSalt = settings.users.size > 0 ? salt() : ''
  }

  /** What is said as soon as a client has connected. */
  get helo(): Uint8Array {
    return writeHelo({ nonce: this.#nonce, auth: this.#authSalt, keepalive: true })
  }

  /**
   * Whether the client knows what it must: the answer to it, and the name of its host, or why it is refused. Throws an
   * AgentError `FORWARD_HANDSHAKE` for what is no PING.
   */
  open(message: Uint8Array): { readonly pong: Uint8Array; readonly client: string; readonly refusal?: Refusal } {
    const ping = readPing(message)
    const refusal = this.#refusal(ping)
    return { pong: this.#pong(ping, refusal), client: ping.hostname, ...(refusal ? { refusal } : {}) }
  }

  #refusal(ping: Ping): Refusal | undefined {
    const { sharedKey, users } = this.#settings
    const digest = sharedKeyDigest(ping.salt, ping.hostname, this.#nonce, sharedKey)
    if (!sameDigest(ping.digest, digest)) return new Refusal('shared_key', 'shared_key mismatch')
    if (users.size === 0) return undefined
    const password = passwordDigest(this.#authSalt, ping.user, users.get(ping.user) ?? salt())
    return sameDigest(ping.passwordDigest, password) ? undefined : new Refusal('user', 'username/password mismatch')
  }

  /** A client that does not know the key learns nothing that the key makes. */
  #pong(ping: Ping, refusal: Refusal | undefined): Uint8Array {
    const { hostname, sharedKey } = this.#settings
    if (refusal) return writePong({ accepted: false, reason: refusal.message, hostname, digest: '' })
    const digest = sharedKeyDigest(ping.salt, hostname, this.#nonce, sharedKey)
    return writePong({ accepted: true, reason: '', hostname, digest })
  }
}
