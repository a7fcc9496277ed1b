import { Refusal } from 'sluice/forward'
import { peerAddress, type Stage, watch } from 'sluice/net'
import type { InputContext } from 'sluice/plugin'
import type { Connection } from './connection.js'
import { type Deadlines, stageOf } from './stage-of.js'

/** What a client gets to read the last words that were written to it. */
const lastWordsMs = 1000

/** Runs a connection to its end, and counts and tells why it was not the client that ended it. Throws what broke it. */
export async function ownConnection(
  connection: Connection,
  deadlines: Deadlines,
  context: InputContext,
): Promise<void> {
  const { readMs, idleMs } = deadlines
  const every = idleMs > 0 ? Math.min(readMs, idleMs) : readMs
  const expired = (stage: Stage): void => connection.fail(late(stage))
  const unwatch = watch(() => stageOf(connection, deadlines), expired, { every, clock: context.clock })
  try {
    await connection.run()
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    tell(error, peerAddress(connection.socket), context)
    await end(connection, context)
  } finally {
    unwatch()
  }
}

function late({ name, limitMs }: Stage): Refusal {
  return new Refusal(name, `${words[name] ?? name} for ${limitMs} ms`)
}

const words: { readonly [stage: string]: string } = {
  slow_handshake: 'the client did not do its part of the handshake (read_timeout)',
  slow_message: 'a message came at less than 1 KiB a second (read_timeout)',
  no_memory: 'there was no room for the events of a message (memory_limit)',
  unread_acks: 'the client read none of its acknowledgements (read_timeout)',
}

/** To be silent is no fault. */
function tell({ reason, message }: Refusal, from: string, context: InputContext): void {
  if (reason === 'idle') return context.count('idle_connections')
  context.count(`refused_${reason}`)
  // The reason stands in the message: the log holds back what it has just said.
  context.log.warn(`closed a connection: ${reason}`, { from, detail: message })
}

async function end(connection: Connection, { clock }: InputContext): Promise<void> {
  const cancel = clock.after(lastWordsMs, () => connection.socket.destroy())
  try {
    await connection.end()
  } catch {
    // It is closed, be it by the client or for the deadline: that is what was wanted.
  } finally {
    cancel()
  }
}
