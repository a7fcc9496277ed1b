/**
 * What a PUBLISH of 240 bytes of JSON costs: the input `mqtt` with a forward output behind it, beside a bare server of node:net that
 * finds the packets and answers them. The load comes from another process, to one and the other in turns. CPU is that of the servers.
 */

import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { accepts, freePort } from '../test/support/ports.js'
import { startAgent, startSink, usageOf } from './agent/programs.js'
import { median } from './measure.js'

const rounds = 5
const loads = [
  { name: 'QoS 0, 4 connections', qos: 0, connections: 4, window: 0, messages: 400_000 },
  { name: 'QoS 1, 4 connections, 100 on their way in each', qos: 1, connections: 4, window: 100, messages: 200_000 },
  { name: 'QoS 1, 32 connections, 10 on their way in each', qos: 1, connections: 32, window: 10, messages: 200_000 },
] as const

interface Server {
  readonly pid: number
  readonly port: number
  readonly child: ChildProcess
}

interface Slice {
  readonly cpuMicros: number
  readonly perSecond: number
}

const programOf = (name: string): string => fileURLToPath(new URL(`agent/${name}.js`, import.meta.url))

function slice({ pid, port }: Server, { qos, connections, window, messages }: (typeof loads)[number]): Slice {
  const before = usageOf(pid).cpuMs
  const args = [port, qos, connections, window, messages].map(String)
  const ms = Number(execFileSync(process.execPath, [programOf('mqtt-load'), ...args], { encoding: 'utf8' }))
  return { cpuMicros: ((usageOf(pid).cpuMs - before) * 1000) / messages, perSecond: (messages * 1000) / ms }
}

async function startFloor(): Promise<Server> {
  const child = spawn(process.execPath, [programOf('floor-mqtt')], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  return { child, pid: child.pid ?? 0, port: Number(line.toString()) }
}

async function startInput(sinkPort: number): Promise<Server> {
  const port = await freePort()
  const output = ['-o', `forward://127.0.0.1:${sinkPort}`, '-m', '*', '-p', 'max_in_flight=8']
  const child = startAgent(['-i', 'mqtt', '-p', `port=${port}`, ...output])
  while (!(await accepts(port))) await sleep(50)
  return { child, pid: child.pid ?? 0, port }
}

const sink = await startSink()
const [agent, floor] = [await startInput(sink.port), await startFloor()]
try {
  console.log(`mqtt → forward, ${rounds} rounds`)
  for (const load of loads) {
    const pairs = Array.from({ length: rounds }, () => ({ agent: slice(agent, load), floor: slice(floor, load) }))
    const of = (pick: (pair: (typeof pairs)[number]) => number): number => median(pairs.map(pick))
    const cost = of((pair) => pair.agent.cpuMicros)
    const least = of((pair) => pair.floor.cpuMicros)
    const rate = of((pair) => pair.agent.perSecond)
    console.log(`  ${load.name.padEnd(50)}${cost.toFixed(2)} µs of CPU a message, ${rate.toFixed(0)} messages/s`)
    console.log(`${' '.repeat(52)}bare node:net ${least.toFixed(2)} µs; ${(cost / least).toFixed(2)} times that`)
  }
} finally {
  for (const { child } of [agent, floor]) child.kill()
  sink.stop()
}
