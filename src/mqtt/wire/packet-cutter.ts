import { malformed, MqttRefusal } from './mqtt-refusal.js'

const noBytes = Buffer.alloc(0)
/** No more than this is not counted: what a client says while there is no room, but for its messages, is heard still. */
const smallestHeld = 256
/** A buffer of no more than this is kept for the next packet that comes in pieces. */
const largestKept = 4096

/** Gets the packets of a connection one by one. */
export interface PacketSink {
  /** Whether more of a packet with this first byte may come now; where not, it and what is behind it must wait. */
  takes(first: number): boolean
  /**
   * One packet: its first byte, and its body from `start` to `end` of the bytes, which are lent for the call. False where what
   * comes behind it must wait.
   */
  // oxlint-disable-next-line max-params -- an object for each packet would cost as much as reading it
  packet(first: number, bytes: Buffer, start: number, end: number): boolean
}

/** What counts the bytes of packets that are not complete. */
export interface PacketMemory {
  reserve(bytes: number): boolean
  release(bytes: number): void
}

/**
 * Cuts a stream of bytes into packets (MQTT 5.0, section 2.1):
 *
 *     type and flags   remaining length            body
 *     1 byte           1 to 4 bytes, 7 bits each   as many bytes as that says
 *
 * Packets are read where they lie. Of one that comes in pieces no more is held than has come, doubled at most.
 */
export class PacketCutter {
  readonly #maxBytes: number
  readonly #memory: PacketMemory
  /** Packets that came whole. */
  count = 0
  #held = noBytes
  #size = 0
  /** Where the body of the packet begins that was looked at last, and where it ends. */
  #body = 0
  #end = 0

  constructor(maxBytes: number, memory: PacketMemory) {
    this.#maxBytes = maxBytes
    this.#memory = memory
  }

  /** Whether a packet has begun and not ended. */
  get isWithin(): boolean {
    return this.#size > 0
  }

  /** Answers how many of the bytes were taken: all, unless the sink asked to wait. Throws an MqttRefusal. */
  push(bytes: Buffer, sink: PacketSink): number {
    let at = 0
    while (at < bytes.length) {
      const first = (this.#size > 0 ? this.#held[0] : bytes[at]) as number
      if (!sink.takes(first)) return at
      if (this.#size > 0) {
        at = this.#complete(bytes, at)
        if (at < 0) return bytes.length
        this.count++
        const goesOn = sink.packet(first, this.#held, this.#body, this.#end)
        this.#forget()
        if (!goesOn) return at
      } else if (this.#isWhole(bytes, at)) {
        const end = this.#end
        this.count++
        if (!sink.packet(first, bytes, this.#body, end)) return end
        at = end
      } else {
        this.#hold(bytes, at, bytes.length)
        return bytes.length
      }
    }
    return at
  }

  /** Lets go of what was held. */
  close(): void {
    this.#memory.release(countedOf(this.#held.length))
    this.#held = noBytes
    this.#size = 0
  }

  #isWhole(bytes: Buffer, at: number): boolean {
    return this.#readHeader(bytes, at, bytes.length) && this.#end <= bytes.length
  }

  /** False where the header is not there yet. */
  #readHeader(bytes: Buffer, at: number, limit: number): boolean {
    let length = 0
    let factor = 1
    for (let index = at + 1; index < limit; index++) {
      const byte = bytes[index] as number
      length += (byte & 0x7f) * factor
      if (byte < 0x80) {
        this.#body = index + 1
        this.#end = index + 1 + length
        if (this.#end - at > this.#maxBytes) throw tooLarge(this.#end - at, this.#maxBytes)
        return true
      }
      if (index === at + 4) throw malformed('a remaining length of at most four bytes')
      factor *= 128
    }
    return false
  }

  /** Takes what the held packet lacks: where the next one begins; -1 if it still lacks some. */
  #complete(bytes: Buffer, from: number): number {
    let at = from
    while (!this.#readHeader(this.#held, 0, this.#size)) {
      if (at === bytes.length) return -1
      this.#hold(bytes, at, at + 1)
      at++
    }
    const end = Math.min(bytes.length, at + this.#end - this.#size)
    this.#hold(bytes, at, end)
    return this.#size === this.#end ? end : -1
  }

  #hold(bytes: Buffer, start: number, end: number): void {
    const size = this.#size + end - start
    if (size > this.#held.length) this.#grow(size)
    bytes.copy(this.#held, this.#size, start, end)
    this.#size = size
  }

  #grow(size: number): void {
    const capacity = Math.min(Math.max(size, this.#held.length * 2, smallestHeld), Math.max(size, this.#maxBytes))
    const more = countedOf(capacity) - countedOf(this.#held.length)
    if (more > 0 && !this.#memory.reserve(more))
      throw new MqttRefusal('quota_exceeded', `no room for a packet of ${size} bytes and more; send less, or later`)
    const grown = Buffer.allocUnsafeSlow(capacity)
    this.#held.copy(grown, 0, 0, this.#size)
    this.#held = grown
  }

  #forget(): void {
    this.#size = 0
    if (this.#held.length > largestKept) this.close()
  }
}

function countedOf(bytes: number): number {
  return Math.max(0, bytes - smallestHeld)
}

function tooLarge(bytes: number, most: number): MqttRefusal {
  return new MqttRefusal('packet_too_large', `expected a packet of at most ${most} bytes, got ${bytes}`)
}
