import type { CanFrame } from '../frame.js'
import type { Channel, ChannelMessage } from './channel.js'
import { Channels, type ChannelSettings } from './channels.js'
import { RecordWriter, type RecordWriterSettings } from './record-writer.js'

export interface ReportSettings extends Omit<ChannelSettings, 'apart'>, RecordWriterSettings {
  /** What is told: frames as they came, the signals in them, or both. */
  readonly mode: 'raw' | 'signals' | 'both'
  /** One record for each frame, or for each signal. */
  readonly records: 'frame' | 'signal'
}

/** What was not told, since the reporter was made. */
export interface ReportCounts {
  /** Frames that the lists leave out. */
  deselected: number
  /** Frames that no DBC file knows, where only signals are told. */
  unknown: number
  /** Frames of which nothing was due. */
  thinned: number
}

/** Makes events of frames: what is wanted of them, as often as it is wanted, with the times of the frames. */
export class FrameReporter {
  readonly events: RecordWriter
  readonly counts: ReportCounts = { deselected: 0, unknown: 0, thinned: 0 }
  readonly #settings: ReportSettings
  readonly #channels: Channels

  /** Where events of another reporter are given, its own stand among those, in the order of the frames. */
  constructor(settings: ReportSettings, events = new RecordWriter(settings)) {
    this.#settings = settings
    this.#channels = new Channels({ ...settings, apart: settings.records === 'signal' })
    this.events = events
  }

  /** How many events there are since they were cleared. */
  get count(): number {
    return this.events.count
  }

  /** These events, encoded one behind the other; lent until the next frame. */
  get entries(): Uint8Array {
    return this.events.writer.peek()
  }

  /** Somebody took the events. */
  clear(): void {
    this.events.clear()
  }

  /** How often everything that was told last was forgotten, since there were too many identifiers. */
  get forgotten(): number {
    return this.#channels.forgotten
  }

  take(frame: CanFrame, bus: string): void {
    const { mode } = this.#settings
    const { counts } = this
    const channel = this.#channels.of(frame, bus)
    if (!channel.isSelected) {
      counts.deselected++
      return
    }
    const before = this.events.count
    const { message } = channel
    if (message && mode !== 'raw') this.#takeSignals(frame, bus, channel, message)
    else if (mode !== 'signals') this.#takeData(frame, bus, channel)
    else {
      counts.unknown++
      return
    }
    if (this.events.count === before) counts.thinned++
  }

  #takeData(frame: CanFrame, bus: string, { data, heads }: Channel): void {
    if (data.pass(frame, millisecondsOf(frame))) this.events.writeData(frame, bus, heads)
  }

  #takeSignals(frame: CanFrame, bus: string, channel: Channel, message: ChannelMessage): void {
    const { mode, records } = this.#settings
    const { decoder, gates } = message
    if (records === 'signal' && mode === 'both') this.#takeData(frame, bus, channel)
    decoder.decode(frame)
    if (gates.pass(decoder, millisecondsOf(frame)) === 0) return
    if (records === 'signal') this.events.writeEach(frame, channel.heads, message)
    else if (mode === 'both') this.events.writeBoth(frame, bus, channel.heads, message)
    else this.events.writeSignals(frame, channel.heads, message)
  }
}

function millisecondsOf({ seconds, nanoseconds }: CanFrame): number {
  return seconds * 1000 + nanoseconds / 1e6
}
