import type { Candidate } from './balance.js'
import type { Server } from './server.js'

/** One server of a group, and how it fares. Knows no time. */
export class Member<S extends Server> implements Candidate {
  readonly server: S
  /** What it is doing now; whoever gives it something to do counts it. */
  active = 0
  #isOnline = true
  #failuresInRow = 0
  /** Whether it did anything well since it was last let back: a probe alone proves little. */
  #isProven = true
  #relapses = 0

  constructor(server: S) {
    this.server = server
  }

  get where(): string {
    return this.server.where
  }

  get weight(): number {
    return this.server.weight
  }

  get isOnline(): boolean {
    return this.#isOnline
  }

  /** How often in a row it came back, only to fail at once. */
  get relapses(): number {
    return this.#relapses
  }

  /** Whether it was offline before. */
  succeeded(): boolean {
    this.#failuresInRow = 0
    this.#relapses = 0
    this.#isProven = true
    return this.#comeBack()
  }

  /** It can be connected to; whether it was offline before. One failure is enough to put it offline again. */
  answeredProbe(): boolean {
    return this.#comeBack()
  }

  /** Whether it went offline by this. */
  failed(maxFailures: number): boolean {
    this.#failuresInRow++
    if (!this.#isOnline || this.#failuresInRow < maxFailures) return false
    this.#relapses = this.#isProven ? 0 : this.#relapses + 1
    this.#isProven = false
    this.#isOnline = false
    return true
  }

  #comeBack(): boolean {
    const wasOffline = !this.#isOnline
    this.#isOnline = true
    return wasOffline
  }
}
