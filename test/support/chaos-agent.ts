/**
 * A program with an agent in it, to be killed: `node chaos-agent.js SETTING`, a JSON text. It prints `open LEDGER` once the agent
 * has started, `sent N` before it hands over the events up to N, `stored N` for each whose promise was kept (`ack`, `stored` unless given), `log LINE`, and, where
 * it sends none, `drained LEDGER` once nothing is pending.
 */

import { setTimeout as sleep } from 'node:timers/promises'

import { Agent } from '../../src/index.js'
import { printAll } from './print-all.js'

export interface ChaosSetting {
  readonly path: string
  readonly port: number
  readonly mode: 'durable' | 'spill' | 'memory'
  readonly ack?: 'stored' | 'delivered'
  /** The first event; none are sent without. */
  readonly from?: number
  /** How far the system's clock is off, in milliseconds, and how far it steps every now and then. */
  readonly clockOffMs?: number
  readonly clockStepMs?: number
  readonly diskLimit?: string
  readonly maxBatchBytes?: string
}

const atATime = 20
const setting = JSON.parse(process.argv[2] ?? '') as ChaosSetting
stepClock(setting)

const agent = await Agent.create({
  service: {
    flush: '20ms',
    'scheduler.base': '20ms',
    'scheduler.cap': '100ms',
    'storage.path': setting.path,
    'storage.mode': setting.mode,
    'storage.spill_after': '100ms',
    'storage.segment_size': '256KiB',
    'storage.disk_limit': setting.diskLimit ?? '64MiB',
    checkpoint_interval: '200ms',
  },
  pipeline: {
    inputs: [{ name: 'lib', ack: setting.ack ?? 'stored' }],
    outputs: [
      {
        name: 'forward',
        match: '*',
        port: setting.port,
        require_ack_response: true,
        flush_timeout: '300ms',
        max_batch_bytes: setting.maxBatchBytes ?? '8KiB',
        max_batch_age: '0s',
      },
    ],
  },
  log: (line) => printAll(`log ${line}\n`),
})
await agent.start()
printAll(`open ${JSON.stringify(agent.ledger)}\n`)
if (setting.from === undefined) await drain()
else await Promise.all(Array.from({ length: atATime }, (_, index) => send((setting.from ?? 0) + index)))

async function send(first: number): Promise<void> {
  const fill = 'x'.repeat(200)
  for (let n = first; ; n += atATime) {
    printAll(`sent ${n}\n`)
    await agent.emit('chaos', { n, fill }).then(
      () => printAll(`stored ${n}\n`),
      () => undefined,
    )
  }
}

async function drain(): Promise<void> {
  const isPending = (): boolean => Object.values(agent.ledger.outputs).some(({ pending }) => pending > 0)
  while (isPending()) await sleep(20)
  printAll(`drained ${JSON.stringify(agent.ledger)}\n`)
  await agent.stop()
}

/** The clock that `Date` tells is wrong, and is set again and again. */
function stepClock({ clockOffMs = 0, clockStepMs = 0 }: ChaosSetting): void {
  const real = Date.now.bind(Date)
  const begun = real()
  Date.now = () => real() + clockOffMs + clockStepMs * Math.floor((real() - begun) / 50)
}
