import type { SignalDecoders } from '../decode/decoders.js'
import { pgnOf } from '../j1939/id.js'
import type { CanFrame } from '../frame.js'
import { type NetworkRecord, networkRecord } from '../j1939/records.js'
import { reassemblerOf } from '../transfers/reassembler-of.js'
import type { OnTransferFault, Reassembler } from '../transfers/transfer.js'
import { FrameReporter, type ReportSettings } from './frame-reporter.js'
import type { RecordWriter } from './record-writer.js'

export interface NetworkSettings {
  readonly protocol: 'j1939' | 'nmea2000'
  readonly report: ReportSettings
  /** Takes the events of messages that came in parts. */
  readonly events: RecordWriter
  /** A message that is no signals; `whole` is lent. */
  readonly onRecord: (found: NetworkRecord, whole: CanFrame, bus: string) => void
  readonly onFault: OnTransferFault
}

/** Of what trouble codes are that have the bit of the older three versions: the first of them. */
const conversion = 1

/** Groups below go in single frames, or by the transport of J1939 (NMEA 2000, appendix B: 0x1ed00 to 0x1ffff). */
const firstFastPacket = 0x1ed00

/** More buses than any gateway has; those behind them are not listened to. */
const mostBuses = 64

/** What a bus of J1939 or NMEA 2000 says in more than one frame, or in messages that are no signals. */
export class Network {
  readonly #reporter: FrameReporter
  readonly #settings: NetworkSettings
  readonly #buses = new Map<string, Reassembler>()

  constructor(settings: NetworkSettings) {
    this.#settings = settings
    // Of a message in parts there is nothing raw but its parts.
    this.#reporter = new FrameReporter({ ...settings.report, mode: 'signals' }, settings.events)
  }

  /** Takes any frame; true where it is not to be told by itself: a part of a longer message, where signals alone are told. */
  take(frame: CanFrame, bus: string): boolean {
    const reassembler = this.#of(bus)
    if (!reassembler) return false
    const whole = reassembler.take(frame)
    const found = whole && networkRecord(whole, { conversion })
    if (whole && found) this.#settings.onRecord(found, whole, bus)
    if (whole === frame) return false
    if (whole) this.#reporter.take(whole, bus)
    return this.#settings.report.mode === 'signals'
  }

  #of(bus: string): Reassembler | undefined {
    const known = this.#buses.get(bus)
    if (known || this.#buses.size >= mostBuses) return known
    const fastPackets = fastPacketsOf(this.#settings.report.decodersOf(bus))
    const reassembler = reassemblerOf({ ...this.#settings, fastPackets })
    this.#buses.set(bus, reassembler)
    return reassembler
  }
}

/** The groups that do not fit in a frame, of those that NMEA 2000 has as fast packets: no frame says that it is part of one. */
function fastPacketsOf(decoders: SignalDecoders | undefined): ReadonlySet<number> {
  const long = decoders?.decoders.filter(({ message }) => message.extended && message.length > 8) ?? []
  return new Set(long.map(({ message }) => pgnOf(message.id)).filter((group) => group >= firstFastPacket))
}
