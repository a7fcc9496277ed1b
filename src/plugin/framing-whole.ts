import type { Scanner } from './framing-scanner.js'

/** One frame, which only the end of the stream ends. */
export const wholeScanner: Scanner = {
  rescan: 0,
  trailer: 0,
  find: () => -1,
  trim: (bytes, start, end) => bytes.subarray(start, end),
  last: (bytes) => bytes,
  reset: () => undefined,
}
