import { MqttRefusal } from '../wire/mqtt-refusal.js'
import type { PacketMemory } from '../wire/packet-cutter.js'

/** What a map of numbers takes for each of them, about. */
const bytesEach = 64

/**
 * The messages of QoS 2 of a session whose sender has not released their packet identifiers (MQTT 5.0, section 4.3.3): one that
 * comes again is not taken again. It lives in memory.
 *
 *     PUBLISH ─▶ taken ─▶ promise holds ─▶ PUBREC ─▶ safe ─▶ PUBREL ─▶ PUBCOMP, forgotten
 */
export class Unreleased {
  readonly #memory: PacketMemory
  /** Whether the promise holds for each. */
  readonly #safe = new Map<number, boolean>()
  /** How often all were forgotten: an identifier from before means another message now. */
  #generation = 0

  constructor(memory: PacketMemory) {
    this.#memory = memory
  }

  get generation(): number {
    return this.#generation
  }

  get size(): number {
    return this.#safe.size
  }

  has(id: number): boolean {
    return this.#safe.has(id)
  }

  isSafe(id: number): boolean {
    return this.#safe.get(id) === true
  }

  /** Throws an MqttRefusal where there is no room for more. */
  add(id: number): void {
    if (!this.#memory.reserve(bytesEach))
      throw new MqttRefusal('quota_exceeded', 'no room for more messages of QoS 2; release some')
    this.#safe.set(id, false)
  }

  settle(id: number): void {
    if (this.#safe.has(id)) this.#safe.set(id, true)
  }

  /** Whether it was there. */
  release(id: number): boolean {
    const known = this.#safe.delete(id)
    if (known) this.#memory.release(bytesEach)
    return known
  }

  clear(): void {
    this.#memory.release(bytesEach * this.#safe.size)
    this.#safe.clear()
    this.#generation++
  }
}
