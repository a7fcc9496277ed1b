/**
 * Finds where frames end. It keeps what it knows of the unfinished frame, so each byte is looked at once however the
 * stream is split.
 */
export interface Scanner {
  /**
   * Bytes at the end of what was looked at that must be looked at again: a delimiter may begin there. Infinity where a scanner
   * wants all of a frame, and itself sees to its size.
   */
  readonly rescan: number
  /** Bytes of a frame that stand before its content; none unless given. */
  readonly header?: number
  /** Bytes of a frame that are no content: its delimiter, and its header. */
  readonly trailer: number
  /** Looks on from `from`; answers the index behind the end of the frame, or -1 when `bytes` end before it. */
  find(bytes: Buffer, from: number): number
  /** What lies in `bytes` from `start` to `end` without delimiters; undefined when that is no frame at all. */
  trim(bytes: Buffer, start: number, end: number): Uint8Array | undefined
  /**
   * Set where whole frames may lie in what is unfinished, as behind a garbled length: no more bytes come, so `find` must not wait
   * for any, until the next `reset`.
   */
  finish?(): void
  /** The frame that the end of the stream ended. */
  last(bytes: Buffer): Uint8Array | undefined
  /** Another stream begins. */
  reset(): void
}
