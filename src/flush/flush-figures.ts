/** What became of one output's flushes since the agent started. */
export class FlushFigures {
  /** Events and bytes of chunks that the output is done with, but for those that it gave up. */
  events = 0
  bytes = 0
  /** Flushes that the destination refused, in whole or in part. */
  refusals = 0
  /** Flushes that failed and are tried again. */
  retries = 0
  /** Batches that ran out of retries. */
  givenUp = 0
  /** When a flush last succeeded, on the monotonic clock. */
  succeededAt: number | undefined

  /** A chunk is done with, `lost` of its events having been given up. */
  settled({ count, bytes }: { readonly count: number; readonly bytes: number }, lost: number): void {
    this.events += count - lost
    if (lost < count) this.bytes += bytes
  }
}
