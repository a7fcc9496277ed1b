import type { TestContext } from 'node:test'

import { Agent } from '../../src/engine/agent.js'
import type { EventTime } from '../../src/event/event-time.js'
import type { Event, EventRecord } from '../../src/event/event.js'
import { type IngestParts, ingesting } from './http-ingest.js'

export interface Pushed {
  readonly tag: string
  readonly record: EventRecord
  readonly time?: EventTime
}

export interface Sender {
  /** Resolves once the output has delivered it; rejects with why it was given up. */
  readonly push: (event: Pushed) => Promise<void>
  readonly agent: Agent
}

/** A real agent with one output, whose events are pushed to it; until the test ends. */
export async function sending(t: TestContext, output: { readonly name: string; readonly [option: string]: unknown }) {
  const agent = await Agent.create({
    service: { flush: '20ms', grace: '0s', log_level: 'off', 'scheduler.base': '10ms' },
    pipeline: { inputs: [{ name: 'lib', ack: 'delivered' }], outputs: [{ match: '*', ...output }] },
  })
  await agent.start()
  t.after(() => agent.stop())
  const push = ({ tag, record, time }: Pushed): Promise<void> => agent.emit(tag, record, time)
  return { agent, push } satisfies Sender
}

export interface Pair {
  readonly sent: readonly Pushed[]
  readonly output: { readonly name: string; readonly [option: string]: unknown }
  readonly receiver?: IngestParts
}

/** What an agent with the input `http` has of events once one with this output says that they were delivered. */
export async function delivered(t: TestContext, { sent, output, receiver }: Pair): Promise<readonly Event[]> {
  const { port, events } = await ingesting(t, receiver)
  const { push } = await sending(t, { port, ...output })
  await Promise.all(sent.map(push))
  return events
}
