import { EntryWriter } from '../../event/entry-writer.js'
import type { MessageDecoder } from '../decode/decoder.js'
import type { LabelStyle } from '../decode/fields.js'
import type { CanFrame } from '../frame.js'
import { FrameRecordWriter } from '../frame-record.js'
import type { ChannelMessage } from './channel.js'
import type { EncodedFields, RecordHeads } from './record-heads.js'

export interface RecordWriterSettings {
  /** Whether units are told. */
  readonly units: boolean
  /** What stands for a value that has a text. */
  readonly labels: LabelStyle
}

const firstBytes = 64 * 1024

/** Writes events of frames, one behind the other. Its signals are those that are due. */
export class RecordWriter {
  readonly writer = new EntryWriter(firstBytes)
  /** Events since they were cleared. */
  count = 0
  readonly #settings: RecordWriterSettings
  readonly #frames = new FrameRecordWriter()

  constructor(settings: RecordWriterSettings) {
    this.#settings = settings
  }

  clear(): void {
    this.writer.clear()
    this.count = 0
  }

  /** The frame as it came. */
  writeData(frame: CanFrame, bus: string, { message }: RecordHeads): void {
    this.#begin(frame, this.#frames.fieldCount(frame) + message.count)
    this.#frames.writeFields(this.writer, frame, bus)
    this.writer.append(message.bytes)
  }

  /** The signals of the frame. */
  writeSignals(frame: CanFrame, heads: RecordHeads, message: ChannelMessage): void {
    this.#beginHead(frame, heads, this.#fieldsOf(message))
    this.#writeFields(message)
  }

  /** The frame as it came, and its signals behind that. */
  writeBoth(frame: CanFrame, bus: string, heads: RecordHeads, message: ChannelMessage): void {
    const ofFrame = this.#frames.fieldCount(frame) + heads.message.count
    this.#begin(frame, ofFrame + this.#fieldsOf(message))
    this.#frames.writeFields(this.writer, frame, bus)
    this.writer.append(heads.message.bytes)
    this.#writeFields(message)
  }

  /** An event for each signal: `signal`, `value`, and where they are told `label` and `unit`. */
  writeEach(frame: CanFrame, heads: RecordHeads, { decoder, gates }: ChannelMessage): void {
    const { due } = gates
    for (let place = 0; place < due.length; place++) if (due[place] === 1) this.#writeOne(frame, heads, decoder, place)
  }

  #writeOne(frame: CanFrame, heads: RecordHeads, decoder: MessageDecoder, place: number): void {
    const { labels } = this.#settings
    const label = labels === 'number' ? undefined : decoder.labelAt(place)
    const isBeside = label !== undefined && labels === 'both'
    const unit = this.#unitOf(decoder, place)
    const more = Number(isBeside) + Number(unit !== '') + Number(decoder.quality !== 'good')
    this.#beginHead(frame, heads, 2 + more)
    this.#writeText('signal', nameOf(decoder, place))
    this.writer.writeString('value')
    this.writer.writeValue(isBeside ? decoder.valueAt(place) : (label ?? decoder.valueAt(place)))
    if (isBeside) this.#writeText('label', label)
    if (unit !== '') this.#writeText('unit', unit)
    this.#writeQuality(decoder)
  }

  /** How many fields `#writeFields` writes. */
  #fieldsOf({ decoder, gates }: ChannelMessage): number {
    const { due } = gates
    const { fields, quality } = decoder
    let count = Number(quality !== 'good') + Number(this.#settings.units)
    for (let place = 0; place < due.length; place++) if (due[place] === 1) count += fields.countAt(place, decoder)
    return count
  }

  #writeFields({ decoder, gates }: ChannelMessage): void {
    const { due } = gates
    const { fields } = decoder
    for (let place = 0; place < due.length; place++) if (due[place] === 1) fields.writeAt(place, decoder, this.writer)
    this.#writeQuality(decoder)
    if (this.#settings.units) this.#writeUnits(decoder, due)
  }

  /** What counter and checksum say against the frame. */
  #writeQuality({ quality }: MessageDecoder): void {
    if (quality !== 'good') this.#writeText('quality', quality)
  }

  #writeUnits(decoder: MessageDecoder, due: Uint8Array): void {
    let count = 0
    for (let place = 0; place < due.length; place++) count += due[place] === 1 && this.#hasUnit(decoder, place) ? 1 : 0
    this.writer.writeString('units')
    this.writer.writeMapHeader(count)
    for (let place = 0; place < due.length; place++)
      if (due[place] === 1 && this.#hasUnit(decoder, place))
        this.#writeText(decoder.fields.names[place] ?? '', this.#unitOf(decoder, place))
  }

  #hasUnit(decoder: MessageDecoder, place: number): boolean {
    return this.#unitOf(decoder, place) !== ''
  }

  /** The unit of a signal; empty where units are not told. */
  #unitOf({ signals }: MessageDecoder, place: number): string {
    return this.#settings.units ? (signals[place]?.unit ?? '') : ''
  }

  #writeText(name: string, text: string): void {
    this.writer.writeString(name)
    this.writer.writeString(text)
  }

  #beginHead(frame: CanFrame, heads: RecordHeads, more: number): void {
    const head: EncodedFields = frame.sent ? heads.sent : heads.received
    this.#begin(frame, head.count + more)
    this.writer.append(head.bytes)
  }

  #begin({ seconds, nanoseconds }: CanFrame, fields: number): void {
    this.writer.writeEntryHeader(seconds, nanoseconds)
    this.writer.writeMapHeader(fields)
    this.count++
  }
}

function nameOf({ signals }: MessageDecoder, place: number): string {
  return signals[place]?.name ?? ''
}
