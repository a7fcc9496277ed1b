import type { EventRecord } from '../../event/event.js'
import { refusalIn } from '../obd/messages.js'
import type { ObdLink } from '../obd/vehicle.js'
import { dataRequest, readData } from './data-identifiers.js'
import { isPassing, refusalText } from './refusals.js'

/** Data of one identifier, and how it is read. */
export interface DataItem {
  readonly identifier: number
  /** Whom to ask, by the identifier from which it answers, such as `7E8`; undefined for whoever knows it. */
  readonly ecu: string | undefined
  /** Throws where the data is not what it should be. */
  readonly read: (data: Uint8Array) => EventRecord
}

/** What can be wrong with an item: it is asked for no more where it is refused or silent, and again where it is malformed. */
export interface DataTrouble {
  readonly refused: (identifier: string, ecu: string, reason: string) => void
  readonly silent: (identifier: string) => void
  readonly malformed: () => void
}

/** After so many readings in a row without an answer, while others were answered, an item is asked for no more. */
const mostSilent = 3

interface Asked extends DataItem {
  /** How many answered last. */
  answers: number
  misses: number
}

/** Reads data of ECUs by identifiers (ReadDataByIdentifier), time and again. */
export class DataReader {
  readonly #link: ObdLink
  readonly #trouble: DataTrouble
  #items: readonly Asked[]

  constructor(link: ObdLink, items: readonly DataItem[], trouble: DataTrouble) {
    this.#link = link
    this.#trouble = trouble
    this.#items = items.map((item) => ({ ...item, answers: 0, misses: 0 }))
  }

  /** Nothing is left that anybody answers. */
  get isDone(): boolean {
    return this.#items.length === 0
  }

  /** What each ECU that answered said of all items. Throws what the link throws. */
  async read(): Promise<Map<string, EventRecord>> {
    const found = new Map<string, EventRecord>()
    for (const item of this.#items) await this.#readItem(item, found)
    if (found.size > 0) this.#items.filter(({ misses }) => misses >= mostSilent).forEach((item) => this.#giveUp(item))
    return found
  }

  async #readItem(item: Asked, into: Map<string, EventRecord>): Promise<void> {
    const request = dataRequest(item.identifier)
    const expected = item.ecu === undefined ? item.answers : 1
    const answers = await this.#link.request(request, expected === 0 ? undefined : expected, item.ecu)
    item.misses = answers.length === 0 ? item.misses + 1 : 0
    const positive = answers.filter(({ payload }) => refusalIn(payload) === undefined)
    item.answers = positive.length
    for (const { ecu, payload } of positive) this.#put(item, payload, ecu, into)
    const [first] = answers
    if (first && positive.length === 0) this.#refuse(item, first.ecu, refusalIn(first.payload) ?? 0)
  }

  #put({ identifier, read }: Asked, payload: Uint8Array, ecu: string, into: Map<string, EventRecord>): void {
    try {
      into.set(ecu, { ...into.get(ecu), ...read(readData(payload, identifier)) })
    } catch {
      this.#trouble.malformed() // counted: what it is would be said with every reading
    }
  }

  #refuse(item: Asked, ecu: string, code: number): void {
    if (!isPassing(code)) this.#items = this.#items.filter((other) => other !== item)
    this.#trouble.refused(nameOf(item), ecu, refusalText(code))
  }

  #giveUp(item: Asked): void {
    this.#items = this.#items.filter((other) => other !== item)
    this.#trouble.silent(nameOf(item))
  }
}

function nameOf({ identifier }: DataItem): string {
  return identifier.toString(16).toUpperCase().padStart(4, '0')
}
