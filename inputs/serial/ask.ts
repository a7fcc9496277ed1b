import type { SerialLine } from 'sluice/serial'
import type { EventRecord, InputContext } from 'sluice/plugin'
import type { LineRecords } from './line-records.js'
import type { Poll } from './polls.js'

export interface Asking {
  readonly line: SerialLine
  readonly records: LineRecords
  /** Of records that nobody asked for. */
  readonly fields: EventRecord | undefined
  readonly context: InputContext
}

/** A request and when it is due. */
interface Turn {
  readonly poll: Poll
  dueMs: number
}

/**
 * Sends each request at its interval, one at a time: the next goes out once the one before it was answered, or was not in time, which
 * is counted as `timeouts`. What comes in between is taken too. Ends as the line does, by a throw.
 */
export async function askInTurn(asking: Asking, polls: readonly Poll[]): Promise<never> {
  const { clock } = asking.context
  const turns = polls.map((poll): Turn => ({ poll, dueMs: clock.monotonic() }))
  for (;;) {
    const turn = turns.reduce((first, other) => (other.dueMs < first.dueMs ? other : first))
    await listen(asking, turn.dueMs)
    await ask(asking, turn.poll)
    await asking.context.room()
    plan(turn, asking)
  }
}

/** When the request goes out next; what was missed by then is left out, never made up for. */
function plan(turn: Turn, { context }: Asking): void {
  const { intervalMs } = turn.poll
  turn.dueMs += intervalMs
  const missed = Math.ceil((context.clock.monotonic() - turn.dueMs) / intervalMs)
  if (missed <= 0) return
  context.count('late_requests', missed)
  turn.dueMs += missed * intervalMs
}

/** Takes what comes unasked until the moment, and at least what is there already. */
async function listen({ line, records, fields, context }: Asking, untilMs: number): Promise<void> {
  let leftMs = 0
  do {
    leftMs = Math.max(0, untilMs - context.clock.monotonic())
    const bytes = await line.next(leftMs)
    if (bytes && !records.push(bytes, fields)) await context.room()
  } while (leftMs > 0)
}

async function ask({ line, records, context }: Asking, { request, timeoutMs, fields }: Poll): Promise<void> {
  const { clock } = context
  records.takeAnswered()
  context.count('requests')
  await line.write(request)
  const untilMs = clock.monotonic() + timeoutMs
  for (let leftMs = timeoutMs; leftMs > 0; leftMs = untilMs - clock.monotonic()) {
    // A pause that ends a frame is known to its timer alone.
    const bytes = await line.next(records.idleMs > 0 ? Math.min(leftMs, records.idleMs) : leftMs)
    if (bytes && !records.push(bytes, fields)) await context.room()
    if (records.takeAnswered()) return
  }
  context.count('timeouts')
  records.breakOff()
}
