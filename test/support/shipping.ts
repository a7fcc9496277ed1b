import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import type { TestContext } from 'node:test'

import type { Event } from '../../src/event/event.js'
import { type Ingesting, ingesting, type IngestParts } from './http-ingest.js'

const longestMs = 20_000
const pollMs = 10

/** Waits for what a client of its own pace is to bring about. */
export async function comesTrue(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const end = performance.now() + longestMs
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`not within ${longestMs} ms: ${what}`)
    await sleep(pollMs)
  }
}

export interface FullAgent extends Ingesting {
  /** From here on there is room again. */
  readonly makeRoom: () => void
}

/** An agent without room for one event more, which answers every client with 503; what fills it has the tag `filling`. */
export async function fullAgent(t: TestContext, { input, ...parts }: IngestParts = {}): Promise<FullAgent> {
  let makeRoom = (): void => undefined
  const held = new Promise<void>((resolve) => (makeRoom = resolve))
  const agent = await ingesting(t, {
    ...parts,
    service: { memory_limit: '1MiB' },
    input: { ack: 'received', max_body_size: '1MiB', ...input },
    deliver: () => held,
  })
  for (const events of [1000, 100, 1]) await fill(agent, events)
  return Object.assign(agent, { makeRoom })
}

/** Posts so many events at a time until there is no room for them. */
async function fill(agent: Ingesting, events: number): Promise<void> {
  const body = JSON.stringify(Array.from({ length: events }, (_, n) => ({ n, text: 'x'.repeat(90) })))
  let status = 201
  while (status === 201) ({ status } = await agent.post('/filling', body))
  assert.equal(status, 503)
}

/** What came of a client's events, but for those that filled the agent. */
export function shipped({ events }: Ingesting): readonly Event[] {
  return events.filter(({ tag }) => tag !== 'filling')
}

/** How many requests the agent refused for want of room. */
export function refusedForRoom({ agent }: Ingesting): number {
  return agent.ledger.inputs['http.0']?.counters['refused_no_room'] ?? 0
}
