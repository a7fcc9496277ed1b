import type { InputContext } from 'sluice/plugin'
import { DeviceReader } from './device-reader.js'
import type { Device } from './device.js'

/** A reader for each device that is there: kept as long as the device stays as it is. */
export class Readers {
  readonly #context: InputContext
  #readers = new Map<string, DeviceReader>()

  constructor(context: InputContext) {
    this.#context = context
  }

  /** Takes the devices that a search found: those that went or changed are let go. */
  replace(devices: readonly Device[]): void {
    const before = this.#readers
    this.#readers = new Map()
    for (const device of devices) {
      const key = JSON.stringify(device)
      this.#readers.set(key, before.get(key) ?? new DeviceReader(device, this.#context))
      before.delete(key)
    }
    for (const reader of before.values()) reader.close()
  }

  get all(): Iterable<DeviceReader> {
    return this.#readers.values()
  }

  get size(): number {
    return this.#readers.size
  }

  close(): void {
    this.replace([])
  }
}
