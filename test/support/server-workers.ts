import type { TestContext } from 'node:test'

import { Agent } from '../../src/engine/agent.js'
import type { Event } from '../../src/event/event.js'
import { accepts, freePort } from './ports.js'

type Raw = { readonly [option: string]: unknown }

export interface SharedServer {
  readonly url: string
  readonly port: number
  readonly agent: Agent
  /** What the output was given. */
  readonly events: Event[]
  /** Of the log of the agent. */
  readonly lines: string[]
}

export interface ServerParts {
  readonly server?: Raw
  readonly stages: readonly (Raw & { readonly name: string })[]
}

/** A real agent with one server of the section `http`, all of whose workers listen; until the test ends. */
export async function sharedServer(
  t: TestContext,
  workers: number,
  { server, stages }: ServerParts,
): Promise<SharedServer> {
  const [events, lines]: [Event[], string[]] = [[], []]
  const port = await freePort()
  const callback = (given: Iterable<Event>): void => void events.push(...given)
  const agent = await Agent.create({
    // What the workers have counted comes to the agent's ledger within the grace.
    service: { flush: '10ms', grace: '20s', log_level: 'info', 'scheduler.base': '10ms' },
    http: [{ listen: `127.0.0.1:${port}`, workers, ...server, stages }],
    pipeline: { outputs: [{ name: 'lib', match: '*', callback }] },
    log: (line) => lines.push(line),
  })
  await agent.start()
  t.after(() => agent.stop())
  while (listening(lines) < workers) await accepts(port)
  return { url: `http://127.0.0.1:${port}`, port, agent, events, lines }
}

function listening(lines: readonly string[]): number {
  return lines.filter((line) => line.includes('server.0 listening')).length
}
