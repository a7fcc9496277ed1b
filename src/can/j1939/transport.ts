import type { CanFrame } from '../frame.js'
import { markPart, type OnTransferFault, placePart, type Reassembler, type Transfer } from '../transfers/transfer.js'
import { TransferTable } from '../transfers/transfer-table.js'
import { destinationOf, globalAddress, j1939Id, pgnOf, priorityOf, sourceOf } from './id.js'

/** Transport protocol, connection management and data transfer (J1939-21, 5.10.3 and 5.10.4). */
const connectionPgn = 0xec00
const dataPgn = 0xeb00

/** First byte of a connection management message (J1939-21, table 8). */
const control = { rts: 16, cts: 17, endOfMessage: 19, bam: 32, abort: 255 } as const

/** A packet is a sequence number and seven bytes; 255 packets are the most. */
const packetBytes = 7
const mostPackets = 255

/** T2 of J1939-21, 5.10.2.4: the longest of the waits that a listener can see. BAM has T1 of 750 ms, to which few keep under load. */
const silenceMs = 1250

/** One transfer at a time goes from each address to each other: more than this many at once no bus of 250 kbit/s carries. */
const mostTransfers = 64

/**
 * Listens to the transfers of J1939-21 between others, to all (BAM) and from one to another (RTS/CTS), and says nothing. Their
 * frames are its parts; every other frame it gives back as it is.
 *
 *     RTS 16 │ size  │packets│ at once │ PGN        BAM 32 │ size  │packets│ 255 │ PGN
 *     CTS 17 │packets│ next  │ 255 255 │ PGN        end 19 │ size  │packets│ 255 │ PGN        abort 255 │ why │ 255 … │ PGN
 */
export class J1939Transport implements Reassembler {
  readonly #table: TransferTable
  readonly #onFault: OnTransferFault

  constructor(onFault: OnTransferFault, most = mostTransfers) {
    this.#onFault = onFault
    const limits = { most, bytes: packetBytes * mostPackets, parts: mostPackets, silenceMs }
    this.#table = new TransferTable(limits, onFault)
  }

  take(frame: CanFrame): CanFrame | undefined {
    if (!frame.extended || frame.remote || frame.error || frame.fd) return frame
    const pgn = pgnOf(frame.id)
    if (pgn === dataPgn) return this.#data(frame)
    if (pgn !== connectionPgn) return frame
    this.#control(frame)
    return undefined
  }

  #control(frame: CanFrame): void {
    if (frame.length < 8) return this.#onFault('malformed')
    switch (byte(frame.data, 0)) {
      case control.rts:
      case control.bam:
        return this.#begin(frame)
      case control.cts:
        // Finding it is enough: the receiver may ask for packets again, or hold the sender off for a while.
        return void this.#table.find(keyBack(frame.id), frame)
      case control.endOfMessage:
        return this.#end(keyBack(frame.id), frame)
      case control.abort:
        this.#end(keyOf(frame.id), frame)
        return this.#end(keyBack(frame.id), frame)
      default:
        this.#onFault('malformed')
    }
  }

  #begin(frame: CanFrame): void {
    const { data, id } = frame
    const size = byte(data, 1) | (byte(data, 2) << 8)
    const packets = byte(data, 3)
    const isForAll = destinationOf(id) === globalAddress
    const isWrong = size === 0 || packets !== Math.ceil(size / packetBytes) || isForAll !== (data[0] === control.bam)
    if (isWrong) return this.#onFault('malformed')
    const { whole } = this.#table.begin(keyOf(id), frame, size, packets)
    const parts = { priority: priorityOf(id), source: sourceOf(id), destination: destinationOf(id) }
    whole.id = j1939Id({ ...parts, pgn: pgnIn(data) })
  }

  /** Whoever receives says that it has all, or one of both that it goes no further; what is said of another group is not meant. */
  #end(key: number, frame: CanFrame): void {
    const transfer = this.#table.find(key, frame)
    if (!transfer || pgnOf(transfer.whole.id) !== pgnOf(pgnIn(frame.data) << 8)) return
    if (transfer.received < transfer.parts) {
      this.#onFault(frame.data[0] === control.abort ? 'aborted' : 'missing_frame')
    }
    this.#table.end(transfer)
  }

  #data(frame: CanFrame): CanFrame | undefined {
    const transfer = this.#table.find(keyOf(frame.id), frame)
    if (!transfer) return void this.#onFault('unannounced')
    const part = byte(frame.data, 0) - 1
    if (part < 0 || part >= transfer.parts || !placePart(transfer, frame, 1, part * packetBytes)) {
      return void this.#onFault('malformed')
    }
    const isForAll = destinationOf(frame.id) === globalAddress
    if (isForAll && part > transfer.received) return this.#lost(transfer)
    if (!markPart(transfer, part) || transfer.received < transfer.parts) return undefined
    // One that has a receiver stays known, as packets may come again, until that has said its last word.
    if (isForAll) this.#table.end(transfer)
    return transfer.whole
  }

  /** Nobody can ask for a packet of a BAM again. */
  #lost(transfer: Transfer): undefined {
    this.#onFault('missing_frame')
    this.#table.end(transfer)
  }
}

function byte(data: Uint8Array, at: number): number {
  return data[at] ?? 0
}

/** The group that a transfer carries stands at the end of each connection management message. */
function pgnIn(data: Uint8Array): number {
  return byte(data, 5) | (byte(data, 6) << 8) | ((byte(data, 7) & 3) << 16)
}

/** Sender and receiver of a transfer, of a frame from the one to the other. */
function keyOf(id: number): number {
  return (sourceOf(id) << 8) | destinationOf(id)
}

/** The same, of a frame that answers. */
function keyBack(id: number): number {
  return (destinationOf(id) << 8) | sourceOf(id)
}
