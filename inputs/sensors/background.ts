import { type EventRecord, type InputContext, messageOf } from 'sluice/plugin'
import type { DeviceReader } from './device-reader.js'

/**
 * Readings that take long, one after another for each kind of device: they hold up neither the others nor, as each takes a thread
 * while it waits, the agent's work on files.
 */
export class Background {
  readonly #context: InputContext
  readonly #signal: AbortSignal
  readonly #take: (record: EventRecord) => void
  readonly #lanes = new Map<string, Promise<void>>()

  constructor(context: InputContext, signal: AbortSignal, take: (record: EventRecord) => void) {
    this.#context = context
    this.#signal = signal
    this.#take = take
  }

  /** Reads a device when its turn comes; one whose turn has not come since the last time is left out, and counted. */
  read(reader: DeviceReader): void {
    if (reader.busy) return this.#context.count('late_readings')
    reader.busy = true
    const { kind } = reader.device
    this.#lanes.set(
      kind,
      (this.#lanes.get(kind) ?? Promise.resolve()).then(() => this.#readNow(reader)),
    )
  }

  async #readNow(reader: DeviceReader): Promise<void> {
    try {
      const record = this.#signal.aborted ? undefined : await reader.readInBackground()
      if (record && !this.#signal.aborted) this.#take(record)
    } catch (error) {
      this.#context.log.error(`${reader.device.name}: the reading was given up: ${messageOf(error)}`)
    } finally {
      reader.busy = false
    }
  }
}
