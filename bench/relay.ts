/**
 * What relaying costs: forward in → forward out, messages of 500 events of 200 bytes, each acknowledged, beside a bare Node relay
 * that steps over the entries and hands them on. CPU and memory are those of the relay alone; one and the other in turns.
 */

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

import { accepts, freePort } from '../test/support/ports.js'
import { startAgent, startSink, usageOf } from './agent/programs.js'
import { median } from './measure.js'

const events = Number(process.env['EVENTS'] ?? 1_000_000)
const rounds = 5
const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-'))

interface Relay {
  readonly name: string
  readonly child: ChildProcess
  readonly port: number
  readonly costs: { readonly cpuMicros: number; readonly rate: number }[]
}

const program = (name: string): string => fileURLToPath(new URL(`agent/${name}.js`, import.meta.url))

/** Sends all events through a relay and waits until the last is acknowledged. */
async function round({ child, port, costs }: Relay, count = events): Promise<void> {
  const pid = child.pid ?? 0
  const before = usageOf(pid).cpuMs
  const startedAt = performance.now()
  const source = spawn(process.execPath, [program('forward-source'), String(port), String(count)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(source.stdout, 'data')
  const wallMs = performance.now() - startedAt
  // What was acknowledged early may still have to be delivered.
  for (let seen = -1, now = usageOf(pid).cpuMs; now - seen > 5; seen = now, now = usageOf(pid).cpuMs) await sleep(300)
  costs.push({ cpuMicros: ((usageOf(pid).cpuMs - before) * 1000) / count, rate: (count * 1000) / wallMs })
}

function peakMiB({ child }: Relay): number {
  return Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]) / 1024
}

async function startFloor(sinkPort: number): Promise<Relay> {
  const child = spawn(process.execPath, [program('floor-relay'), String(sinkPort)])
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  return { name: 'bare Node relay', child, port: Number(line.toString()), costs: [] }
}

interface Storage {
  readonly mode: string
  readonly ack: string
}

async function startRelay(name: string, sinkPort: number, { mode, ack }: Storage): Promise<Relay> {
  const port = await freePort()
  const storage = mode === 'memory' ? {} : { storage: { path: join(folder, mode), mode, disk_limit: '4GiB' } }
  const config = {
    service: { flush: '100ms', ...storage },
    pipeline: {
      inputs: [{ name: 'forward', port, ack }],
      outputs: [{ name: 'forward', match: '*', host: '127.0.0.1', port: sinkPort, max_in_flight: 4 }],
    },
  }
  const path = join(folder, `${mode}-${ack}.yaml`)
  writeFileSync(path, JSON.stringify(config))
  const child = startAgent(['-c', path])
  while (!(await accepts(port))) await sleep(50)
  return { name, child, port, costs: [] }
}

function show(relay: Relay, floor: Relay): void {
  const cpu = ({ costs }: Relay): number => median(costs.map(({ cpuMicros }) => cpuMicros))
  const ratio = median(relay.costs.map(({ cpuMicros }, index) => cpuMicros / (floor.costs[index]?.cpuMicros ?? NaN)))
  const rate = median(relay.costs.map((cost) => cost.rate))
  console.log(
    `  ${relay.name.padEnd(34)}${cpu(relay).toFixed(3)} µs of CPU an event, ${Math.round(rate)} events/s, ` +
      `peak RSS ${peakMiB(relay).toFixed(0)} MiB, ${ratio.toFixed(2)} × the floor`,
  )
}

const sink = await startSink()
const relays = [
  await startFloor(sink.port),
  await startRelay('in memory, ack received', sink.port, { mode: 'memory', ack: 'received' }),
  await startRelay('in memory, ack delivered', sink.port, { mode: 'memory', ack: 'delivered' }),
  await startRelay('durable lane, ack stored', sink.port, { mode: 'durable', ack: 'stored' }),
]
try {
  console.log(`forward → forward, ${rounds} rounds of ${events} events`)
  for (const relay of relays) await round(relay, events / 5)
  for (const relay of relays) relay.costs.length = 0
  for (let left = rounds; left > 0; left--) for (const relay of relays) await round(relay)
  for (const relay of relays) show(relay, relays[0] as Relay)
} finally {
  for (const { child } of relays) if (child.kill()) await once(child, 'exit')
  sink.stop()
  rmSync(folder, { recursive: true })
}
