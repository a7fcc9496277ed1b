/** Work that is never done twice at a time: what is asked for while it is being done is done in one more round. */
export class Rounds {
  readonly #work: () => Promise<void>
  #asked = false
  #running: Promise<void> | undefined

  /** `work` never rejects. */
  constructor(work: () => Promise<void>) {
    this.#work = work
  }

  ask(): void {
    this.#asked = true
    this.#running ??= this.#run()
  }

  /** Resolves once nothing is being done. */
  get idle(): Promise<void> {
    return this.#running ?? Promise.resolve()
  }

  async #run(): Promise<void> {
    while (this.#asked) {
      this.#asked = false
      await this.#work()
    }
    this.#running = undefined
  }
}
