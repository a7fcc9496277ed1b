import { EntryWriter } from 'sluice/plugin'
import type { EdgeBatch } from './edge-batch.js'
import type { WatchedLine } from './watched-line.js'

/** Encodes the edges of one read as events, each with the time that the kernel gave it. */
export class EdgeEntries {
  readonly #writer = new EntryWriter()

  /** Lent until the next call. */
  of(line: WatchedLine, batch: EdgeBatch): Uint8Array {
    const writer = this.#writer
    writer.clear()
    for (let index = 0; index < batch.count; index++) {
      writer.writeEntryHeader(batch.seconds(index), batch.nanoseconds(index))
      writer.writeMapHeader(6)
      writer.writeString('line')
      writer.writeString(line.name)
      writer.writeString('chip')
      writer.writeString(line.chip)
      writer.writeString('offset')
      writer.writeNumber(line.offset)
      writer.writeString('edge')
      writer.writeString(batch.isRising(index) ? 'rising' : 'falling')
      writer.writeString('level')
      writer.writeNumber(batch.isRising(index) ? 1 : 0)
      writer.writeString('sequence')
      writer.writeNumber(batch.sequence(index))
    }
    return writer.peek()
  }
}
