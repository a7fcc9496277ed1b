import { readFile } from 'node:fs/promises'
import { KernelFile } from 'sluice/host'
import { type EventRecord, type InputContext, messageOf, setField, type Value } from 'sluice/plugin'
import type { Channel, Device } from './device.js'
import { valueOf } from './value.js'

/** A reading that takes longer than this holds up everything else: such a device is read in the background from then on. */
const longestReadingMs = 20

/** Reads all channels of a device, and tells of one that fails when it begins to. */
export class DeviceReader {
  readonly device: Device
  /** Whether readings take so long that nothing should wait for them: those of 1-wire thermometers take 750 ms. */
  slow: boolean
  /** Whether a reading in the background is under way, or waits for its turn. */
  busy = false
  readonly #context: InputContext
  readonly #files: readonly KernelFile[]
  readonly #failing = new Set<Channel>()
  readonly #units: EventRecord

  constructor(device: Device, context: InputContext) {
    this.device = device
    this.slow = isAlwaysSlow(device)
    this.#context = context
    this.#files = device.channels.map(({ file }) => new KernelFile(`${device.folder}/${file}`))
    this.#units = unitsOf(device.channels)
  }

  /** A record; undefined where no channel could be read. */
  read(): EventRecord | undefined {
    const { clock } = this.#context
    const begun = clock.monotonic()
    const values: Record<string, Value> = {}
    for (const [index, channel] of this.device.channels.entries()) {
      try {
        this.#put(values, channel, this.#files[index]?.read() ?? '')
      } catch (error) {
        this.#failed(channel, error)
      }
    }
    this.slow = clock.monotonic() - begun > longestReadingMs
    return this.#recordOf(values)
  }

  /** The same without anything waiting for it; a device that answers at once again is read as the others are. */
  async readInBackground(): Promise<EventRecord | undefined> {
    const { clock } = this.#context
    const begun = clock.monotonic()
    const values: Record<string, Value> = {}
    for (const channel of this.device.channels) {
      try {
        this.#put(values, channel, await readFile(`${this.device.folder}/${channel.file}`, 'utf8'))
      } catch (error) {
        this.#failed(channel, error)
      }
    }
    this.slow = isAlwaysSlow(this.device) || clock.monotonic() - begun > longestReadingMs
    return this.#recordOf(values)
  }

  close(): void {
    for (const file of this.#files) file.close()
  }

  #put(values: Record<string, Value>, channel: Channel, text: string): void {
    setField(values, channel.name, valueOf(channel, text))
    if (this.#failing.delete(channel)) this.#context.log.info(`${this.#labelOf(channel)}: can be read again`)
  }

  #failed(channel: Channel, error: unknown): void {
    this.#context.count('failed_readings')
    if (this.#failing.has(channel)) return
    this.#failing.add(channel)
    this.#context.log.warn(`${this.#labelOf(channel)}: cannot be read, is left out until it can: ${messageOf(error)}`)
  }

  #labelOf({ name }: Channel): string {
    return `${this.device.kind} "${this.device.name}" (${this.device.device}), "${name}"`
  }

  #recordOf(values: EventRecord): EventRecord | undefined {
    if (Object.keys(values).length === 0) return undefined
    const { kind, name, device } = this.device
    return { kind, name, device, values, units: this.#units }
  }
}

function isAlwaysSlow({ kind }: Device): boolean {
  return kind === 'w1'
}

function unitsOf(channels: readonly Channel[]): EventRecord {
  return Object.fromEntries(channels.flatMap(({ name, unit }) => (unit === undefined ? [] : [[name, unit]])))
}
