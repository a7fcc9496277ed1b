/**
 * What a POST costs: the input `http` with a forward output behind it, beside a bare node:http server that reads and forgets the
 * same bodies. wrk (Debian) sends to one and the other in turns. CPU is that of the servers alone.
 */

import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

import { freePort } from '../test/support/ports.js'
import { startAgent, startSink, usageOf } from './agent/programs.js'
import { median } from './measure.js'

const rounds = 7
const seconds = 3
const connections = 32
const idleConnections = 1000
const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-'))

interface Server {
  readonly pid: number
  readonly port: number
}

interface Slice {
  readonly perSecond: number
  readonly cpuMicros: number
  readonly p99Ms: number
}

interface Load {
  readonly name: string
  readonly type: string
  readonly events: number
  readonly body: string
}

const event = { device: 'gateway-17', temperature: 21.53, humidity: 48, ok: true, position: { lat: 41.38, lon: 2.17 } }
const small = { ...event, note: 'x'.repeat(190) }
const sized = { ...event, note: 'x'.repeat(120) }
const many = Array.from({ length: 250 }, () => sized)
const loads: readonly Load[] = [
  { name: 'one object of 300 B', type: 'application/json', events: 1, body: JSON.stringify(small) },
  { name: 'array of 250 × 236 B', type: 'application/json', events: 250, body: JSON.stringify(many) },
  {
    name: 'ndjson of 250 × 236 B',
    type: 'application/x-ndjson',
    events: 250,
    body: many.map((each) => `${JSON.stringify(each)}\n`).join(''),
  },
]

function scriptOf({ type, body }: Load): string {
  const path = join(folder, 'load.lua')
  writeFileSync(
    path,
    `wrk.method = "POST"\nwrk.headers["Content-Type"] = "${type}"\nwrk.body = ${luaText(body)}\n` +
      'done = function(s, l) io.write(string.format("RESULT %d %d %d %d\\n", s.requests, s.duration, l:percentile(99),' +
      ' s.errors.status + s.errors.read + s.errors.timeout)) end\n',
  )
  return path
}

const luaText = (text: string): string => `[==[${text}]==]`

function slice({ pid, port }: Server, script: string): Slice {
  const before = usageOf(pid).cpuMs
  const args = ['-t1', `-c${connections}`, `-d${seconds}`, '-s', script, `http://127.0.0.1:${port}/bench`]
  const result = /RESULT (\d+) (\d+) (\d+) (\d+)/.exec(execFileSync('wrk', args, { encoding: 'utf8' }))
  const [requests = 0, micros = 1, p99 = 0, errors = 0] = (result ?? []).slice(1).map(Number)
  if (requests === 0 || errors > 0) throw new Error(`${errors} errors in ${requests} requests`)
  const cpuMicros = ((usageOf(pid).cpuMs - before) * 1000) / requests
  return { perSecond: requests / (micros / 1e6), cpuMicros, p99Ms: p99 / 1000 }
}

function compare(load: Load, agent: Server, floor: Server): void {
  const script = scriptOf(load)
  const pairs: { readonly agent: Slice; readonly floor: Slice }[] = []
  for (let round = 0; round < rounds; round++) pairs.push({ agent: slice(agent, script), floor: slice(floor, script) })
  const of = (pick: (pair: (typeof pairs)[number]) => number): number => median(pairs.map(pick))
  const perCpuSecond = of((pair) => pair.floor.cpuMicros / pair.agent.cpuMicros)
  console.log(`  ${load.name}`)
  console.log(
    `    agent ${of((pair) => pair.agent.cpuMicros).toFixed(1)} µs of CPU a request, ` +
      `${(of((pair) => pair.agent.cpuMicros) / load.events).toFixed(2)} µs an event, ` +
      `${of((pair) => pair.agent.perSecond).toFixed(0)} requests/s, p99 ${of((pair) => pair.agent.p99Ms).toFixed(2)} ms`,
  )
  console.log(
    `    bare node:http ${of((pair) => pair.floor.cpuMicros).toFixed(1)} µs, ` +
      `${of((pair) => pair.floor.perSecond).toFixed(0)} requests/s, p99 ${of((pair) => pair.floor.p99Ms).toFixed(2)} ms; ` +
      `the agent serves ${(perCpuSecond * 100).toFixed(0)} % of its requests per CPU second`,
  )
}

async function idle(name: string, { pid, port }: Server): Promise<void> {
  const before = usageOf(pid).rssMiB
  const sockets: Socket[] = []
  for (let opened = 0; opened < idleConnections; opened++) {
    const socket = connect(port, '127.0.0.1')
    await once(socket, 'connect')
    sockets.push(socket)
  }
  await sleep(1000)
  const { rssMiB } = usageOf(pid)
  console.log(`  ${name.padEnd(16)}RSS ${rssMiB.toFixed(1)} MiB, ${before.toFixed(1)} before`)
  for (const socket of sockets) socket.destroy()
}

async function startFloor(): Promise<Server & { readonly child: ChildProcess }> {
  const child = spawn(process.execPath, [fileURLToPath(new URL('agent/floor-http.js', import.meta.url))])
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  return { child, pid: child.pid ?? 0, port: Number(line.toString()) }
}

async function startInput(sinkPort: number): Promise<Server & { readonly child: ChildProcess }> {
  const port = await freePort()
  const options = [`port=${port}`, 'max_connections=2000', 'max_connections_per_address=2000', 'idle_timeout=60s']
  const given = options.flatMap((option) => ['-p', option])
  const output = ['-o', `forward://127.0.0.1:${sinkPort}`, '-m', '*', '-p', 'max_in_flight=8']
  const child = startAgent(['-i', 'http', ...given, ...output])
  for (;;) {
    const isUp = await fetch(`http://127.0.0.1:${port}/health`).then(
      ({ ok }) => ok,
      () => false,
    )
    if (isUp) return { child, pid: child.pid ?? 0, port }
    await sleep(50)
  }
}

const sink = await startSink()
const floor = await startFloor()
const agent = await startInput(sink.port)
try {
  console.log(`${idleConnections} idle connections`)
  await idle('agent', agent)
  await idle('bare node:http', floor)
  console.log(`http → forward, ${connections} connections, ${rounds} rounds of ${seconds} s each`)
  for (const load of loads) compare(load, agent, floor)
} finally {
  for (const { child } of [agent, floor]) child.kill()
  sink.stop()
  rmSync(folder, { recursive: true })
}
