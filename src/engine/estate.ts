import { defaultLane } from '../config/check-lanes.js'
import type { Ledger, LedgerFigures } from '../observe/ledger.js'
import type { Lanes, LeftChunk } from './lanes.js'
import { ledgerOf } from './settings.js'

/** What a pipeline leaves in memory, when it has stopped, to the next one in the same process. */
export interface Estate {
  readonly chunks: readonly LeftChunk[]
  readonly ledger: LedgerFigures
  /** `service.storage.path`, to which the ledger belongs. */
  readonly storagePath: string | undefined
}

export interface HeirParts {
  readonly lanes: Lanes
  readonly ledger: Ledger
  readonly storagePath: string | undefined
  /** Ids of outputs that take what waits though they are new. */
  readonly startOldest: ReadonlySet<string>
}

/** A pipeline that goes on with an estate: as after a restart, outputs are known by their ids, and routes are those of today. */
export class Heir {
  readonly #estate: Estate
  readonly #parts: HeirParts

  constructor(estate: Estate, parts: HeirParts) {
    this.#estate = estate
    this.#parts = parts
  }

  /** Undefined where it belongs to another folder. */
  get ledger(): LedgerFigures | undefined {
    return this.#estate.storagePath === this.#parts.storagePath ? this.#estate.ledger : undefined
  }

  /** Takes over the chunks. The ledger is to be balanced afterwards: what was routed is counted already, what nobody wants is not. */
  adopt(): void {
    for (const left of this.#estate.chunks) this.#adoptChunk(left)
  }

  /** Takes over all of it, where there is no log on disk whose opening does so. */
  takeOver(): void {
    const { ledger } = this.#parts
    if (this.ledger) ledger.restore(this.ledger)
    this.adopt()
    ledger.balance('no_route')
  }

  #adoptChunk({ chunk, lane, known, waiting }: LeftChunk): void {
    if (chunk.released) return // a dead letter that was written late
    const { lanes, startOldest } = this.#parts
    const ledger = ledgerOf(this.#parts.ledger, chunk.input)
    const isWanted = (id: string): boolean => (known.includes(id) ? waiting.includes(id) : startOldest.has(id))
    const origin = { ledger, acks: [], ackStored: false, evictable: chunk.evictable }
    const target = lanes.has(lane) ? lane : defaultLane
    if (lanes.lane(target).adopt(chunk, origin, isWanted)) ledger.pending += chunk.count
  }
}
