import { lineFlags } from './uapi.js'

/** One line as a file declares it. */
export interface LineSettings {
  /** Its name; or its number on `chip`. */
  readonly line: string
  /** Label, name or path of its chip. */
  readonly chip: string | undefined
  /** What records call it, where that is not its name. */
  readonly name: string | undefined
  readonly edge: 'both' | 'rising' | 'falling' | 'none'
  /** Milliseconds. */
  readonly debounce: number
  readonly bias: 'as_is' | 'disabled' | 'pull_up' | 'pull_down'
  readonly active_low: boolean
}

const edges = {
  both: lineFlags.rising | lineFlags.falling,
  rising: lineFlags.rising,
  falling: lineFlags.falling,
  none: 0,
}

const biases = { as_is: 0, disabled: lineFlags.disabled, pull_up: lineFlags.pullUp, pull_down: lineFlags.pullDown }

/** The flags of a request. The kernel refuses a clock for a line without edges. */
export function flagsOf({ edge, bias, active_low: activeLow }: LineSettings): number {
  const clock = edge === 'none' ? 0 : lineFlags.realTime
  return lineFlags.input | edges[edge] | biases[bias] | (activeLow ? lineFlags.activeLow : 0) | clock
}
