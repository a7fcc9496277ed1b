import type { Value } from 'sluice/plugin'

/** What the configuration says of one service. */
export interface ServiceOptions {
  readonly path: string
  /** Absolute. */
  readonly module: string
  readonly options: Value | undefined
  readonly max_sockets: number
  /** Bytes. */
  readonly max_message_size: number
}

/** The path of a stage without its last slash: what the paths of its service are put behind. */
export function baseOf(path: string): string {
  return path.endsWith('/') ? path.slice(0, -1) : path
}
