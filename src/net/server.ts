import type { Target } from './target.js'

/** One server of a group. */
export interface Server {
  /** What logs and errors call it; unique in its group. */
  readonly where: string
  readonly target: Target
  /** How much of the work it gets, beside the weights of the others. */
  readonly weight: number
  /** Asked only while no other is online. */
  readonly isStandby: boolean
}

/** One server of an output: `options` are those of the output, with what is said of this server over them. */
export interface ServerOf<O> extends Server {
  readonly options: O
}
