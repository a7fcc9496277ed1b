import type { CanFrame } from '../frame.js'

/** What a line was: a frame; something else that such logs have, such as a comment or an event; or neither. */
export type LineKind = 'frame' | 'other' | 'bad'

/** What the time of a frame counts from: 1970, or a moment that the log does not tell; `none` where a line has no time. */
export type Timing = 'absolute' | 'relative' | 'none'

/** Reads the lines of one log or stream, one after the other: a header may say how the lines behind it are read. */
export interface LineReader {
  /** Bus of the frame that was read last; the same text for the same name. */
  readonly bus: string
  /** Of the frame that was read last; without a time, its `seconds` and `nanoseconds` are what they were before. */
  readonly timing: Timing
  /** Fills `frame` where the line, without its newline, is one; else what the frame holds means nothing. */
  read(bytes: Uint8Array, start: number, end: number, frame: CanFrame): LineKind
}
