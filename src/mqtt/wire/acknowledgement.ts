import type { BodyReader } from './body-reader.js'
import type { MqttVersion } from './packet-types.js'
import { answerProperties, readProperties } from './properties.js'

export interface Acknowledgement {
  readonly id: number
  readonly reason: number
}

/** The body of a PUBACK, PUBREC, PUBREL or PUBCOMP (MQTT 5.0, sections 3.4 to 3.7): reason and properties may be left out. */
export function readAcknowledgement(reader: BodyReader, version: MqttVersion): Acknowledgement {
  const id = reader.packetId()
  const reason = version === 5 && !reader.isAtEnd ? reader.u8() : 0
  if (version === 5 && !reader.isAtEnd) readProperties(reader, answerProperties)
  reader.close()
  return { id, reason }
}

/** A run of PUBACKs, PUBRECs and PUBCOMPs to be written in one piece. */
export class Answers {
  #bytes = Buffer.allocUnsafeSlow(256)
  #at = 0

  get isEmpty(): boolean {
    return this.#at === 0
  }

  /** `reason` is left out where it is 0, and in MQTT 3.1.1. */
  add(type: number, id: number, reason: number, version: MqttVersion): void {
    if (this.#at + 5 > this.#bytes.length) this.#bytes = Buffer.concat([this.#bytes], this.#bytes.length * 2)
    const hasReason = version === 5 && reason !== 0
    const bytes = this.#bytes
    bytes[this.#at++] = type
    bytes[this.#at++] = hasReason ? 3 : 2
    bytes[this.#at++] = id >> 8
    bytes[this.#at++] = id & 0xff
    if (hasReason) bytes[this.#at++] = reason
  }

  /** A copy of all that was added, which is forgotten. */
  take(): Buffer {
    const taken = Buffer.from(this.#bytes.subarray(0, this.#at))
    this.#at = 0
    return taken
  }
}
