import { Counters } from './counters.js'

/**
 * What became of the events of one input. At every moment
 *
 *     accepted + added = filtered + delivered + dropped + pending
 *
 * An event counts as delivered once every output whose route matches it has acknowledged it, as dropped once one of them gave
 * it up and the others are done with it, and as pending until then.
 */
export class InputLedger {
  accepted = 0
  /** Events that filters made out of others. */
  added = 0
  filtered = 0
  delivered = 0
  pending = 0
  readonly dropped = new Counters()
  readonly counters = new Counters()

  /** Goes on from what an earlier run had counted; what is pending is counted anew. */
  restore({ accepted, added, filtered, delivered, dropped }: InputFigures): void {
    this.accepted += accepted
    this.added += added
    this.filtered += filtered
    this.delivered += delivered
    this.dropped.addAll(dropped)
  }

  /** Accounts for events of which an earlier run left nothing but their count; answers how many. */
  balance(reason: string): number {
    const { accepted, added, filtered, delivered, dropped, pending } = this
    const missing = accepted + added - filtered - delivered - dropped.total - pending
    if (missing > 0) dropped.add(reason, missing)
    else this.accepted -= missing
    return Math.max(0, missing)
  }

  toJSON(): InputFigures {
    const { accepted, added, filtered, delivered, pending } = this
    return {
      accepted,
      added,
      filtered,
      delivered,
      dropped: this.dropped.toJSON(),
      pending,
      counters: this.counters.toJSON(),
    }
  }
}

/**
 * What became of the events that were routed to one output. At every moment
 *
 *     routed = delivered + dropped + pending
 */
export class OutputLedger {
  routed = 0
  delivered = 0
  pending = 0
  /** Events in flushes that failed and were or will be tried again. */
  retried = 0
  deadLettered = 0
  readonly dropped = new Counters()
  readonly counters = new Counters()

  /** As that of an input. */
  restore({ routed, delivered, retried, dropped, dead_lettered: deadLettered }: OutputFigures): void {
    this.routed += routed
    this.delivered += delivered
    this.retried += retried
    this.deadLettered += deadLettered
    this.dropped.addAll(dropped)
  }

  /** As that of an input. */
  balance(reason: string): void {
    const { routed, delivered, dropped, pending } = this
    const missing = routed - delivered - dropped.total - pending
    if (missing > 0) dropped.add(reason, missing)
    else this.routed -= missing
  }

  toJSON(): OutputFigures {
    const { routed, delivered, pending, retried, deadLettered } = this
    const [dropped, counters] = [this.dropped.toJSON(), this.counters.toJSON()]
    return { routed, delivered, retried, dropped, dead_lettered: deadLettered, pending, counters }
  }
}

interface Counted {
  readonly [name: string]: number
}

export interface InputFigures {
  readonly accepted: number
  readonly added: number
  readonly filtered: number
  readonly delivered: number
  readonly dropped: Counted
  readonly pending: number
  readonly counters: Counted
}

export interface OutputFigures {
  readonly routed: number
  readonly delivered: number
  readonly retried: number
  readonly dropped: Counted
  readonly dead_lettered: number
  readonly pending: number
  readonly counters: Counted
}

/** The figures of all instances by their ids. */
export interface LedgerFigures {
  readonly inputs: { readonly [id: string]: InputFigures }
  /** What filters put back into the pipeline, such as under another tag, is accounted like an input's. */
  readonly filters: { readonly [id: string]: InputFigures }
  readonly outputs: { readonly [id: string]: OutputFigures }
}

export class Ledger {
  readonly #inputs = new Map<string, InputLedger>()
  readonly #filters = new Map<string, InputLedger>()
  readonly #outputs = new Map<string, OutputLedger>()

  input(id: string): InputLedger {
    return existing(this.#inputs, id, InputLedger)
  }

  filter(id: string): InputLedger {
    return existing(this.#filters, id, InputLedger)
  }

  output(id: string): OutputLedger {
    return existing(this.#outputs, id, OutputLedger)
  }

  /** Goes on from the figures of an earlier run. */
  restore({ inputs, filters, outputs }: LedgerFigures): void {
    for (const [id, counted] of Object.entries(inputs)) this.input(id).restore(counted)
    for (const [id, counted] of Object.entries(filters)) this.filter(id).restore(counted)
    for (const [id, counted] of Object.entries(outputs)) this.output(id).restore(counted)
  }

  /** Once what is pending is known: what is then missing was lost for this reason. Answers how many events that are. */
  balance(reason: string): number {
    let lost = 0
    for (const sources of [this.#inputs, this.#filters])
      for (const source of sources.values()) lost += source.balance(reason)
    for (const output of this.#outputs.values()) output.balance(reason)
    return lost
  }

  toJSON(): LedgerFigures {
    return { inputs: figures(this.#inputs), filters: figures(this.#filters), outputs: figures(this.#outputs) }
  }
}

function existing<L>(ledgers: Map<string, L>, id: string, Kind: new () => L): L {
  const ledger = ledgers.get(id) ?? new Kind()
  ledgers.set(id, ledger)
  return ledger
}

function figures<F>(ledgers: ReadonlyMap<string, { toJSON(): F }>): { readonly [id: string]: F } {
  return Object.fromEntries([...ledgers].map(([id, ledger]) => [id, ledger.toJSON()]))
}
