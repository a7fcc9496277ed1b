import type { Ack, Logger } from '../plugin/context.js'
import { messageOf } from '../plugin/errors.js'

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

/** An ack that may throw, as a bug of its plugin, without harm to the flush or the input that calls it. */
export function guardAck(ack: Ack | undefined, log: Logger): Ack | undefined {
  if (!ack) return undefined
  return (error) => {
    try {
      ack(error)
    } catch (bug) {
      log.error(`an acknowledgement could not be given: ${messageOf(bug)}`)
    }
  }
}
