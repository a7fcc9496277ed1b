export interface TriggerSettings {
  readonly kind: 'rising' | 'level'
  readonly forMicros: number
  readonly cooldownMicros: number
}

/** Makes triggers of a condition that is looked at with every event. Before the first event it is false. */
export class Trigger {
  readonly #settings: TriggerSettings
  #trueSince: number | undefined
  /** Whether this rise had its say. */
  #spent = false
  #last = -Infinity

  constructor(settings: TriggerSettings) {
    this.#settings = settings
  }

  /** `suppressed` is a rise within the cooldown. */
  judge(holds: boolean, micros: number): 'no' | 'yes' | 'suppressed' {
    if (!holds) return this.#fall()
    const { kind, forMicros, cooldownMicros } = this.#settings
    this.#trueSince = Math.min(this.#trueSince ?? micros, micros)
    if (micros - this.#trueSince < forMicros || this.#spent) return 'no'
    this.#spent = kind === 'rising'
    if (micros - this.#last < cooldownMicros) return this.#spent ? 'suppressed' : 'no'
    this.#last = micros
    return 'yes'
  }

  /** The clock jumped: how long the condition was true is not known any more. */
  jumped(): void {
    this.#trueSince = undefined
  }

  /** The clock was set back: when the last trigger was is not known any more either. */
  setBack(): void {
    this.#trueSince = undefined
    this.#last = -Infinity
  }

  #fall(): 'no' {
    this.#trueSince = undefined
    this.#spent = false
    return 'no'
  }
}
