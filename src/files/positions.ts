import type { StateStore } from '../plugin/context.js'
import type { Head } from './head.js'

/** How far a file was read, and what it is known again by. */
export interface Position {
  readonly path: string
  readonly offset: number
  readonly head: Head
}

const listKey = 'files'

/** Positions of files by their identity, in the state of the agent. */
export class Positions {
  readonly #state: StateStore
  readonly #identities: Set<string>
  /** There never was a state: the agent meets all files for the first time. */
  readonly isNew: boolean

  constructor(state: StateStore) {
    const list = state.get(listKey)
    this.#state = state
    this.#identities = new Set(list === undefined ? [] : (JSON.parse(list) as string[]))
    this.isNew = list === undefined
    if (this.isNew) this.#saveList()
  }

  get identities(): readonly string[] {
    return [...this.#identities]
  }

  get(identity: string): Position | undefined {
    const text = this.#state.get(identity)
    return text === undefined ? undefined : (JSON.parse(text) as Position)
  }

  save(identity: string, position: Position): void {
    this.#state.set(identity, JSON.stringify(position))
    if (this.#identities.has(identity)) return
    this.#identities.add(identity)
    this.#saveList()
  }

  forget(identity: string): void {
    this.#state.delete(identity)
    if (this.#identities.delete(identity)) this.#saveList()
  }

  #saveList(): void {
    this.#state.set(listKey, JSON.stringify([...this.#identities]))
  }
}
