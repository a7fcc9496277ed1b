import type { CanFrame } from '../frame.js'
import { destinationOf, globalAddress, pgnOf, sourceOf } from '../j1939/id.js'
import { markPart, type OnTransferFault, placePart, type Reassembler, type Transfer } from '../transfers/transfer.js'
import { TransferTable } from '../transfers/transfer-table.js'
import { isFastPacket } from './fast-packet-pgns.js'

/** NMEA 2000 fast packet: six bytes in the first frame, seven in each of up to 31 others. */
const firstBytes = 6
const nextBytes = 7
const mostFrames = 32
const mostBytes = firstBytes + 31 * nextBytes

/** Frames of a message follow each other at once; as long as the T1 of J1939-21 is long enough for a bus under load. */
const silenceMs = 750

/** Eight sequences of each message of each device may be under way; in truth it is one of each at most. */
const mostTransfers = 128

/**
 * Puts the fast packets of NMEA 2000 together.
 *
 *     first  │ sequence 3 bits, 0 5 bits     │ size │ 6 bytes
 *     next   │ sequence 3 bits, frame 5 bits │ 7 bytes
 *
 * Nothing in a frame says that it is of a fast packet: that is known by its group.
 */
export class FastPackets implements Reassembler {
  readonly #table: TransferTable
  readonly #onFault: OnTransferFault
  readonly #isFast: (pgn: number) => boolean

  constructor(onFault: OnTransferFault, isFast: (pgn: number) => boolean = isFastPacket, most = mostTransfers) {
    this.#onFault = onFault
    this.#isFast = isFast
    this.#table = new TransferTable({ most, bytes: mostBytes, parts: mostFrames, silenceMs }, onFault)
  }

  take(frame: CanFrame): CanFrame | undefined {
    if (!frame.extended || frame.remote || frame.error || frame.fd) return frame
    if (!this.#isFast(pgnOf(frame.id))) return frame
    if (frame.length < 2) return void this.#onFault('malformed')
    const number = byte(frame.data, 0) & 31
    return number === 0 ? this.#first(frame) : this.#next(frame, number)
  }

  #first(frame: CanFrame): CanFrame | undefined {
    const size = byte(frame.data, 1)
    if (size === 0 || size > mostBytes) return void this.#onFault('malformed')
    const frames = 1 + Math.ceil(Math.max(0, size - firstBytes) / nextBytes)
    const transfer = this.#table.begin(keyOf(frame), frame, size, frames)
    transfer.whole.id = frame.id
    if (!placePart(transfer, frame, 2, 0)) return this.#lost(transfer, 'malformed')
    markPart(transfer, 0)
    return this.#wholeOf(transfer)
  }

  #next(frame: CanFrame, number: number): CanFrame | undefined {
    const transfer = this.#table.find(keyOf(frame), frame)
    if (!transfer) return void this.#onFault('unannounced')
    if (number > transfer.received || number >= transfer.parts) return this.#lost(transfer, 'missing_frame')
    if (!placePart(transfer, frame, 1, firstBytes + (number - 1) * nextBytes)) return this.#lost(transfer, 'malformed')
    return markPart(transfer, number) ? this.#wholeOf(transfer) : undefined
  }

  #wholeOf(transfer: Transfer): CanFrame | undefined {
    if (transfer.received < transfer.parts) return undefined
    this.#table.end(transfer)
    return transfer.whole
  }

  #lost(transfer: Transfer, fault: 'missing_frame' | 'malformed'): undefined {
    this.#onFault(fault)
    this.#table.end(transfer)
  }
}

function byte(data: Uint8Array, at: number): number {
  return data[at] ?? 0
}

/** Group and source; of a message to one address that too. The sequence tells apart what follows itself too soon. */
function keyOf({ id, data }: CanFrame): number {
  const destination = destinationOf(id)
  const address = destination === globalAddress ? 0 : destination + 1
  const sequence = byte(data, 0) >> 5
  return ((pgnOf(id) * 256 + sourceOf(id)) * 257 + address) * 8 + sequence
}
