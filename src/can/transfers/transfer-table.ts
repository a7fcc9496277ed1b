import type { CanFrame } from '../frame.js'
import { emptyTransfer, gapMs, type OnTransferFault, touch, type Transfer } from './transfer.js'

export interface TransferLimits {
  /** Transfers at once. */
  readonly most: number
  /** Bytes and parts that one may have. */
  readonly bytes: number
  readonly parts: number
  /** A transfer of which nothing came for longer is given up. */
  readonly silenceMs: number
}

/** The transfers under way on one bus, by a key: who sends to whom. Its memory never passes `most` times `bytes`; it is used again. */
export class TransferTable {
  readonly #limits: TransferLimits
  readonly #onFault: OnTransferFault
  readonly #transfers = new Map<number, Transfer>()
  readonly #free: Transfer[] = []

  constructor(limits: TransferLimits, onFault: OnTransferFault) {
    this.#limits = limits
    this.#onFault = onFault
  }

  /** Transfers under way, those too that are whole and await their last word. */
  get size(): number {
    return this.#transfers.size
  }

  /** The transfer with this key that the frame may belong to: one that was silent for too long is given up. */
  find(key: number, frame: CanFrame): Transfer | undefined {
    const transfer = this.#transfers.get(key)
    if (!transfer) return undefined
    if (gapMs(transfer.whole, frame) > this.#limits.silenceMs) {
      this.#giveUp(transfer, 'timeout')
      return undefined
    }
    touch(transfer, frame)
    return transfer
  }

  /** A new transfer of `length` bytes in `parts` parts; the oldest makes room for it. */
  begin(key: number, frame: CanFrame, length: number, parts: number): Transfer {
    const earlier = this.find(key, frame)
    if (earlier) this.#giveUp(earlier, 'superseded')
    this.#makeRoom(frame)
    const transfer = this.#free.pop() ?? emptyTransfer(this.#limits.bytes, this.#limits.parts)
    transfer.key = key
    transfer.parts = parts
    transfer.received = 0
    transfer.seen.fill(0, 0, parts)
    transfer.whole.length = length
    transfer.whole.extended = true
    transfer.whole.dlc = 8
    touch(transfer, frame)
    this.#transfers.set(key, transfer)
    return transfer
  }

  /** It is over; its whole stays as it is until another begins. */
  end(transfer: Transfer): void {
    this.#transfers.delete(transfer.key)
    this.#free.push(transfer)
  }

  /** It is over before it was whole, if it was not. */
  #giveUp(transfer: Transfer, fault: 'timeout' | 'superseded' | 'no_room'): void {
    if (transfer.received < transfer.parts) this.#onFault(fault)
    this.end(transfer)
  }

  #makeRoom(frame: CanFrame): void {
    if (this.#transfers.size < this.#limits.most) return
    const oldest = this.#transfers.values().next().value
    if (!oldest) return
    const isSilent = gapMs(oldest.whole, frame) > this.#limits.silenceMs
    this.#giveUp(oldest, isSilent ? 'timeout' : 'no_room')
  }
}
