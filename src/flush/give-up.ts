import { counted } from '../base/counted.js'
import type { Clock } from '../base/clock.js'
import type { OutputLedger } from '../observe/ledger.js'
import type { Logger } from '../plugin/context.js'
import { messageOf } from '../plugin/errors.js'
import type { DeadLetter, Letter } from './dead-letter.js'
import { tallied } from './settlement.js'

export interface GiveUpParts {
  readonly deadLetter: DeadLetter
  readonly ledger: Pick<OutputLedger, 'deadLettered'>
  readonly clock: Clock
  readonly log: Logger
}

/** How long a disk that takes no letters is left alone. */
const retryMs = 1000

/** Writes letters and tells of them. False where it was stopped before they were safe: their events are not given up then. */
export async function giveUp(letters: readonly Letter[], parts: GiveUpParts, stop: AbortSignal): Promise<boolean> {
  const kept = await keep(letters, parts, stop)
  if (kept === undefined) return false
  const where = kept
    ? 'kept in the dead letter'
    : 'dropped: no dead letter takes them (storage.path, dead_letter_limit)'
  for (const { count, reason, message } of tallied(letters)) {
    if (kept) parts.ledger.deadLettered += count
    parts.log.error(`${counted(count, 'event')} given up (${reason}), ${where}: ${message}`)
  }
  return true
}

/** Tries again while the disk fails; undefined when it was stopped. */
async function keep(
  letters: readonly Letter[],
  { deadLetter, clock, log }: GiveUpParts,
  stop: AbortSignal,
): Promise<boolean | undefined> {
  for (let tries = 0; !stop.aborted; tries++) {
    try {
      return await deadLetter.write(letters)
    } catch (error) {
      if (tries === 0) log.error(`dead letter not written, and tried again until it is: ${messageOf(error)}`)
      await clock.sleep(retryMs, stop)
    }
  }
  return undefined
}
