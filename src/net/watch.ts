import type { Cancel, Clock } from '../base/clock.js'

/** What a connection waits for, and a number that is another one as soon as that moves on. */
export interface Stage {
  readonly name: string
  readonly mark: number
  /** How long it may stay as it is; 0 for as long as it likes. */
  readonly limitMs: number
}

/**
 * Looks at a connection now and then, since a timer for each read would cost as much as the read. So what may last for some
 * time lasts for up to twice as long.
 */
export function watch(
  stageOf: () => Stage,
  expired: (stage: Stage) => void,
  { every, clock }: { readonly every: number; readonly clock: Clock },
): Cancel {
  let seen: Stage = { name: '', mark: 0, limitMs: 0 }
  let since = clock.monotonic()
  let cancel: Cancel = () => undefined
  const look = (): void => {
    const stage = stageOf()
    const now = clock.monotonic()
    if (stage.name !== seen.name || stage.mark !== seen.mark) since = now
    seen = stage
    if (stage.limitMs > 0 && now - since >= stage.limitMs) return expired(stage)
    cancel = clock.after(every, look)
  }
  look()
  return () => cancel()
}
