import { eventsOf, type KeptLetter } from '../flush/kept-letter.js'
import type { Lane } from '../log/lane.js'
import type { InputLedger } from '../observe/ledger.js'
import { AgentError, PermanentError } from '../plugin/errors.js'

export interface ReplayTarget {
  readonly lane: Lane
  /** Where replayed events are accounted for. */
  readonly ledger: InputLedger
  /** Id that their chunks have for an input. */
  readonly input: string
}

/**
 * Puts a dead letter back into the log, for the output that gave it up alone. Resolves once the events are on disk, or where there
 * is none, once the output is done with them; rejects with a PermanentError where there is no such output any more.
 */
export async function replay(letter: KeptLetter, { lane, ledger, input }: ReplayTarget): Promise<void> {
  const { output } = letter
  if (lane.readers(letter.tag, output).length === 0)
    throw new PermanentError(
      'ENGINE_NO_OUTPUT',
      `expected an output "${output}", got none; it is not in the configuration`,
    )
  await lane.budget.room()
  await new Promise<void>((resolve, reject) => {
    // An output that refuses them once more has put them into the dead letter again.
    const ack = (error?: Error): void => (isStop(error) ? reject(error) : resolve())
    const { tag, entries, count } = eventsOf(letter)
    ledger.accepted += count
    ledger.pending += count
    lane.append({ tag, entries, count, input, output }, { ledger, acks: [ack], ackStored: true, evictable: false })
    lane.backlog?.write(lane.next)
  })
}

function isStop(error: Error | undefined): error is AgentError {
  return error instanceof AgentError && error.code === 'LOG_STOPPED'
}
