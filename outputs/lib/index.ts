import { AgentError, anything, type Batch, defineOutput, type Event, messageOf, readEvents } from 'sluice/plugin'

/** Gets one batch: its events in order, and the batch itself. What it throws asks for a retry, as an output's `flush` does. */
export type LibCallback = (events: Iterable<Event>, batch: Batch, signal: AbortSignal) => unknown

export default defineOutput({
  summary: 'Hands events to a function of the program that this agent runs inside.',
  options: {
    callback: anything(
      'Function `(events, batch, signal)` of the program; only a program can give it, no file.',
      {},
      { required: true },
    ),
  },
  create({ callback }) {
    if (!isCallback(callback)) {
      throw new AgentError(
        'LIB_CALLBACK',
        `callback: expected a function, got ${typeof callback}; only a program that starts an Agent can give one`,
      )
    }
    return { flush: (batch, signal) => deliver(callback, batch, signal) }
  },
})

function isCallback(value: unknown): value is LibCallback {
  return typeof value === 'function'
}

async function deliver(callback: LibCallback, batch: Batch, signal: AbortSignal): Promise<void> {
  try {
    await callback(eventsOf(batch), batch, signal)
  } catch (error) {
    if (error instanceof AgentError) throw error
    throw new AgentError('LIB_FAILED', `callback: ${messageOf(error)}`, { cause: error })
  }
}

function* eventsOf(batch: Batch): Iterable<Event> {
  for (const chunk of batch.chunks) yield* readEvents(chunk)
}
