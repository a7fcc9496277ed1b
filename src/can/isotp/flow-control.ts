/** Flow status (ISO 15765-2:2016, table 18). */
export const flowStatus = { continue: 0, wait: 1, overflow: 2 } as const

/** What a receiver says to the sender of a message in many frames. */
export interface FlowControl {
  /** One of `flowStatus`; 3 to 15 mean nothing. */
  readonly status: number
  /** Frames until the next flow control; 0 for all. */
  readonly blockSize: number
  /** Least time between two of them. */
  readonly separationMs: number
}

/** The longest of the times that the separation byte can say; its reserved values mean it too (9.6.5.4). */
const longestSeparationMs = 127
/** F1 to F9 are 100 to 900 microseconds. */
const firstMicro = 0xf1
const lastMicro = 0xf9

export function separationOf(byte: number): number {
  if (byte <= longestSeparationMs) return byte
  return byte >= firstMicro && byte <= lastMicro ? (byte - firstMicro + 1) / 10 : longestSeparationMs
}

/** The byte that says at least this time. */
export function separationByte(milliseconds: number): number {
  if (milliseconds > 0 && milliseconds <= 0.9) return firstMicro - 1 + Math.ceil(milliseconds * 10)
  return Math.min(Math.ceil(milliseconds), longestSeparationMs)
}
