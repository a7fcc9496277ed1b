import { Unreleased } from '../receive/unreleased.js'
import type { WillMessage } from '../wire/connect-packet.js'
import type { PacketMemory } from '../wire/packet-cutter.js'

/** The connection that a session goes on with. */
export interface SessionOwner {
  /** Another connection shows the same client identifier: this one ends (MQTT 5.0, section 3.1.4). */
  takenOver(): void
  send(bytes: Buffer): void
}

/** What is known of one client beyond its connection (MQTT 5.0, section 4.1). */
export class Session {
  readonly clientId: string
  readonly unreleased: Unreleased
  owner: SessionOwner | undefined
  /** How long it stays without a connection. */
  lifetimeMs = 0
  /** When it ends, while it has no connection. */
  endsAtMs = Infinity
  /** A will that waits for its delay, while there is no connection. */
  will: DueWill | undefined

  constructor(clientId: string, memory: PacketMemory) {
    this.clientId = clientId
    this.unreleased = new Unreleased(memory)
  }
}

export interface DueWill {
  readonly message: WillMessage
  readonly atMs: number
}
