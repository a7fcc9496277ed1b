/**
 * What an event costs that comes by forward and goes out as a line of JSON in a POST, written from msgpack with no object between;
 * beside a bare Node process that makes an object of each event. CPU is that of either process alone; one and the other in turns.
 */

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

import { accepts, freePort } from '../test/support/ports.js'
import { startAgent, usageOf } from './agent/programs.js'
import { median } from './measure.js'

const events = Number(process.env['EVENTS'] ?? 500_000)
const rounds = 5

interface Relay {
  readonly name: string
  readonly child: ChildProcess
  readonly port: number
  readonly costs: number[]
}

const program = (name: string): string => fileURLToPath(new URL(`agent/${name}.js`, import.meta.url))

/** A program that prints its port. */
async function startProgram(name: string, ...args: readonly string[]): Promise<Relay> {
  const child = spawn(process.execPath, [program(name), ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  return { name, child, port: Number(line.toString()), costs: [] }
}

async function startRelay(name: string, webPort: number, options: readonly string[] = []): Promise<Relay> {
  const port = await freePort()
  const input = ['-i', 'forward', '-p', `port=${port}`, '-p', 'ack=delivered']
  const format = ['format=json_lines', ...options].flatMap((option) => ['-p', option])
  const child = startAgent([...input, '-o', `http://127.0.0.1:${webPort}/events`, ...format, '-p', 'max_in_flight=4'])
  while (!(await accepts(port))) await sleep(50)
  return { name, child, port, costs: [] }
}

/** Sends all events and waits until the last one is acknowledged, which is once its POST was answered. */
async function round({ child, port, costs }: Relay): Promise<void> {
  const before = usageOf(child.pid ?? 0).cpuMs
  const source = spawn(process.execPath, [program('forward-source'), String(port), String(events)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(source.stdout, 'data')
  costs.push(((usageOf(child.pid ?? 0).cpuMs - before) * 1000) / events)
}

const web = await startProgram('floor-http')
const floor = await startProgram('floor-http-out', String(web.port))
const relays = [
  await startRelay('agent', web.port),
  await startRelay('agent, without the time', web.port, ['json_date_key=false']),
  { ...floor, name: 'bare Node, an object an event' },
]
try {
  console.log(
    `forward → http, JSON lines, ${rounds} rounds of ${events} events of 200 bytes, acknowledged when delivered`,
  )
  for (const relay of relays) await round(relay)
  for (const { costs } of relays) costs.length = 0
  for (let left = rounds; left > 0; left--) for (const relay of relays) await round(relay)
  for (const { name, costs } of relays)
    console.log(`  ${name.padEnd(34)}${median(costs).toFixed(2)} µs of CPU an event`)
} finally {
  for (const { child } of [web, ...relays]) child.kill()
}
