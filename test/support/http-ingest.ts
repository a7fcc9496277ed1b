import { once } from 'node:events'
import { connect } from 'node:net'
import type { TestContext } from 'node:test'

import { Agent } from '../../src/engine/agent.js'
import type { Event, EventRecord } from '../../src/event/event.js'
import { freePort } from './ports.js'

export interface Ingesting {
  readonly url: string
  readonly port: number
  readonly agent: Agent
  /** What the output was given. */
  readonly events: Event[]
  readonly records: EventRecord[]
  /** Posts a body and answers what came of it. */
  readonly post: (path: string, body: string | Uint8Array, headers?: Record<string, string>) => Promise<Answer>
}

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
}

export interface IngestParts {
  readonly input?: { readonly [option: string]: unknown }
  readonly service?: { readonly [option: string]: unknown }
  readonly output?: { readonly [option: string]: unknown }
  readonly filters?: readonly { readonly name: string; readonly [option: string]: unknown }[]
  /** For clients that are there before the agent is; any other that is free. */
  readonly port?: number
  /** Takes each line of the agent's own log. */
  readonly log?: (line: string) => void
  /** Called with each batch before it counts as delivered. */
  readonly deliver?: (events: readonly Event[]) => unknown
}

/** A real agent with the input `http`, which tells its clients yes once the output was given their events; until the test ends. */
export async function ingesting(
  t: TestContext,
  { input, service, output, filters = [], deliver, log, ...parts }: IngestParts = {},
): Promise<Ingesting> {
  const events: Event[] = []
  const port = parts.port ?? (await freePort())
  const callback = async (given: Iterable<Event>): Promise<void> => {
    const batch = [...given]
    await deliver?.(batch)
    events.push(...batch)
  }
  const agent = await Agent.create({
    service: { flush: '10ms', grace: '0s', log_level: 'off', 'scheduler.base': '10ms', ...service },
    pipeline: {
      inputs: [{ name: 'http', port, ack: 'delivered', ...input }],
      filters,
      outputs: [{ name: 'lib', match: '*', callback, ...output }],
    },
    ...(log ? { log } : {}),
  })
  await agent.start()
  t.after(() => agent.stop())
  await listening(port)
  const url = `http://127.0.0.1:${port}`
  return {
    url,
    port,
    agent,
    events,
    get records() {
      return events.map(({ record }) => record)
    },
    async post(path, body, headers = { 'content-type': 'application/json' }) {
      const answer = await fetch(url + path, { method: 'POST', body, headers })
      return { status: answer.status, headers: answer.headers, text: await answer.text() }
    },
  }
}

/** Resolves once something listens, which the agent does soon after it started. */
async function listening(port: number): Promise<void> {
  for (;;) {
    const socket = connect(port, '127.0.0.1')
    try {
      await once(socket, 'connect')
      return
    } catch {
      await new Promise((resolve) => setImmediate(resolve))
    } finally {
      socket.destroy()
    }
  }
}
