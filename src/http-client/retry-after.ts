/** A server that names a longer wait is asked again all the same: it may be a mistake, or this machine's clock. */
const longestWaitMs = 3_600_000

/**
 * The wait that a Retry-After header asks for (RFC 9110, section 10.2.3: seconds or a date), in milliseconds;
 * undefined when there is none to keep.
 */
export function retryAfterMs(header: string | undefined, nowMs: number): number | undefined {
  if (header === undefined) return undefined
  const text = header.trim()
  const waitMs = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - nowMs
  return waitMs > 0 ? Math.min(waitMs, longestWaitMs) : undefined
}
