/** How much a counter grew between two readings; undefined when it went back, so was reset: nothing is known then. */
export function grown(before: number, now: number): number | undefined {
  return now >= before ? now - before : undefined
}
