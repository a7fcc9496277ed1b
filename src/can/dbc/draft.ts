import type { DbcMessage, DbcProblem, DbcSignal, SignalSelector } from './dbc.js'
import { Fault } from './fault.js'
import { type Identifier, identifierKey, identifierOf } from './identifier.js'
import type { Place } from './scanner.js'

/** Problems of one file that are kept. */
export const mostProblems = 1000

/**
 * What a file may make the parser keep, in units of about 128 bytes of memory: real files of a whole car need less than a tenth.
 */
export const largestDraft = 1_000_000

export type Mutable<T> = { -readonly [Key in keyof T]: T[Key] }

/** A signal in the making. */
export interface DraftSignal extends Mutable<Omit<DbcSignal, 'attributes' | 'selector'>> {
  readonly place: Place
  readonly attributes: Map<string, number | string>
  /** The number behind `m`. */
  readonly group: number | undefined
  selector: SignalSelector | undefined
}

/** A message in the making. */
export interface DraftMessage extends Mutable<
  Pick<DbcMessage, 'id' | 'extended' | 'name' | 'length' | 'comment' | 'line'>
> {
  readonly place: Place
  readonly senders: Set<string>
  readonly attributes: Map<string, number | string>
  readonly signals: DraftSignal[]
  readonly byName: Map<string, DraftSignal[]>
}

/** What `BA_DEF_` and `BA_DEF_DEF_` say of an attribute. */
export interface AttributeDefinition {
  choices: readonly string[]
  initial: number | string | undefined
}

/** A file in the making: what its statements said up to now. */
export class Draft {
  version = ''
  comment = ''
  readonly nodes: string[] = []
  readonly attributes = new Map<string, number | string>()
  readonly definitions = new Map<string, AttributeDefinition>()
  readonly tables = new Map<string, ReadonlyMap<number | bigint, string>>()
  readonly problems: DbcProblem[] = []
  problemCount = 0
  readonly #messages = new Map<number, DraftMessage>()
  /** Messages that are left out: what is said of them later is no problem of its own. */
  readonly #leftOut = new Set<number>()
  /** The message whose signals follow; undefined where they belong to none that is kept. */
  #current: DraftMessage | undefined
  readonly #columnOf: (place: Place) => number
  #isBeforeMessages = true
  #units = 0

  constructor(columnOf: (place: Place) => number) {
    this.#columnOf = columnOf
  }

  get messages(): Iterable<DraftMessage> {
    return this.#messages.values()
  }

  report(place: Place, text: string): void {
    this.problemCount++
    if (this.problems.length >= mostProblems) return
    this.problems.push({ line: place.line, column: this.#columnOf(place), text })
  }

  /** Counts what will be kept; throws a Fault when the file wants too much. */
  spend(units: number, place: Place): void {
    if (this.#units + units > largestDraft)
      throw new Fault(place, 'expected a smaller file; what does not fit is left out')
    this.#units += units
  }

  /** A message that is known already keeps its place until the new one has a signal. */
  begin(message: DraftMessage): void {
    this.#isBeforeMessages = false
    this.#current = message
    const key = identifierKey(message)
    if (!this.#messages.has(key)) this.#messages.set(key, message)
  }

  /** The signals that follow belong to a message that is left out. */
  beginNone(identifier?: Identifier): void {
    this.#isBeforeMessages = false
    this.#current = undefined
    if (identifier) this.#leftOut.add(identifierKey(identifier))
  }

  addSignal(signal: DraftSignal): void {
    if (this.#isBeforeMessages) throw new Fault(signal.place, `expected a message in front of signal "${signal.name}"`)
    const message = this.#current
    if (!message) return
    if (message.signals.length === 0) this.#establish(message)
    message.signals.push(signal)
    const same = message.byName.get(signal.name)
    if (same) same.push(signal)
    else message.byName.set(signal.name, [signal])
  }

  /** Undefined for one that is left out; a Fault for one that the file does not have. */
  messageOf(number: number, place: Place): DraftMessage | undefined {
    const identifier = identifierOf(number)
    const key = identifier && identifierKey(identifier)
    const message = key === undefined ? undefined : this.#messages.get(key)
    if (!message && !(key === undefined || this.#leftOut.has(key)))
      throw new Fault(place, `expected a message of this file, got number ${number}`)
    return message
  }

  /** The signals of this name, several where they are multiplexed; a Fault where the message has none. */
  signalsOf(number: number, name: string, place: Place): readonly DraftSignal[] {
    const message = this.messageOf(number, place)
    if (!message) return []
    const signals = message.byName.get(name)
    if (!signals) throw new Fault(place, `expected a signal of message "${message.name}", got "${name}"`)
    // What is said of many at once would cost more than the file is long.
    this.spend(signals.length >> 3, place)
    return signals
  }

  #establish(message: DraftMessage): void {
    const key = identifierKey(message)
    const known = this.#messages.get(key)
    if (known === message || !known) return
    this.report(
      message.place,
      `message "${message.name}" has the identifier of "${known.name}" in line ${known.line}, and replaces it`,
    )
    this.#messages.delete(key)
    this.#messages.set(key, message)
  }
}
