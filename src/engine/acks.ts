import type { Ack } from '../plugin/context.js'

/** One ack for `count` parts: it is called once all parts were, with the first error among theirs. At once for no parts. */
export function shareAck(ack: Ack | undefined, count: number): Ack | undefined {
  if (!ack || count === 1) return ack
  if (count === 0) return void ack()
  let waiting = count
  let failed: Error | undefined
  return (error) => {
    failed ??= error
    if (--waiting === 0) ack(failed)
  }
}
