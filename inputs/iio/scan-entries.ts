import { type EventTime, EntryWriter } from 'sluice/plugin'
import type { IioNode } from './find-device.js'
import type { ScanChannel, ScanLayout } from './scan-layout.js'

const billion = 1_000_000_000n

/** Encodes scans as events: what is the same in all of them once, for all of them. */
export class ScanEntries {
  readonly #layout: ScanLayout
  readonly #head: Uint8Array
  readonly #writer = new EntryWriter()

  constructor({ name, device }: IioNode, layout: ScanLayout) {
    this.#layout = layout
    const units = layout.channels.flatMap(({ name: channel, unit }) => (unit === undefined ? [] : [[channel, unit]]))
    const head = new EntryWriter()
    for (const value of ['kind', 'iio', 'name', name, 'device', device]) head.writeString(value)
    head.writeString('units')
    head.writeValue(Object.fromEntries(units))
    head.writeString('values')
    head.writeMapHeader(layout.channels.length)
    this.#head = head.take()
  }

  /** The events of whole scans; `now` is for devices that give no time. Lent until the next call. */
  of(view: DataView, count: number, now: EventTime): Uint8Array {
    const { channels, size, timeAt, timeIsLittleEndian } = this.#layout
    const writer = this.#writer
    writer.clear()
    for (let scan = 0; scan < count; scan++) {
      const at = scan * size
      if (timeAt === undefined) writer.writeEntryHeader(now.seconds, now.nanoseconds)
      else this.#writeTime(view.getBigInt64(at + timeAt, timeIsLittleEndian))
      writer.writeMapHeader(5)
      writer.append(this.#head)
      for (const channel of channels) this.#writeChannel(channel, view, at + channel.at)
    }
    return writer.peek()
  }

  #writeTime(nanoseconds: bigint): void {
    this.#writer.writeEntryHeader(Number(nanoseconds / billion), Number(nanoseconds % billion))
  }

  #writeChannel({ name, count, step, read }: ScanChannel, view: DataView, at: number): void {
    this.#writer.writeString(name)
    if (count > 1) this.#writer.writeArrayHeader(count)
    for (let index = 0; index < count; index++) this.#writer.writeNumber(read(view, at + index * step))
  }
}
