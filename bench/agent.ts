/** What the whole agent costs: per event, while idle, and until its first event is delivered. */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

import { runAgent, runProgram, startAgent, startSink, type Usage, usageOf } from './agent/programs.js'
import { median } from './measure.js'

const events = 2_000_000
const idleMs = 30_000
const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-'))

async function perEvent(name: string, run: (events: number) => Promise<Usage>): Promise<number> {
  await run(1)
  const [least, all] = [await run(1), await run(events)]
  const cost = (all.cpuMicros - least.cpuMicros) / events
  const rate = Math.round(events / ((all.wallMs - least.wallMs) / 1000))
  const peak = (all.peakKiB / 1024).toFixed(0)
  console.log(`  ${name.padEnd(26)}${cost.toFixed(3)} µs of CPU an event, ${rate} events/s, peak RSS ${peak} MiB`)
  return cost
}

function lines(count: number): string {
  const path = join(folder, `${count}.log`)
  const line = (n: number): string =>
    `2026-11-23T21:03:00Z gateway-17 sensor[${n}]: `.padEnd(169, 'temperature nominal ')
  writeFileSync(path, Array.from({ length: count }, (_, n) => `${line(n)}\n`).join(''))
  return path
}

const record = JSON.stringify({
  device: 'gateway-17',
  temperature: 21.5,
  humidity: 48,
  ok: true,
  note: 'x'.repeat(110),
})

async function throughput(): Promise<void> {
  console.log(`events to a forward server that acknowledges, ${events} of about 200 bytes`)
  const sink = await startSink()
  const forward = ['-o', `forward://127.0.0.1:${sink.port}`]
  await perEvent('dummy → forward', (count) =>
    runAgent(['-i', 'dummy', '-p', 'rate=10000000', '-p', `samples=${count}`, '-p', `dummy=${record}`, ...forward]),
  )
  const tail = await perEvent('tail → forward, 170 B', (count) =>
    runAgent([
      '-i',
      'tail',
      '-p',
      `path=${lines(count)}`,
      '-p',
      'read_from_head=on',
      '-p',
      'exit_on_eof=on',
      ...forward,
    ]),
  )
  const program = fileURLToPath(new URL('agent/floor-tail.js', import.meta.url))
  const floor = await perEvent('bare Node, file → socket', (count) =>
    runProgram([program, lines(count), String(sink.port)]),
  )
  console.log(`  tail → forward is ${(tail / floor).toFixed(1)} × bare Node, which looks at no line`)
  sink.stop()
}

async function idle(): Promise<void> {
  console.log(`idle for ${idleMs / 1000} s: cpu, mem, disk and netif each second → forward, beside bare Node`)
  const sink = await startSink()
  const inputs = ['cpu', 'mem', 'disk', 'netif'].flatMap((name) => ['-i', name])
  const agent = startAgent([...inputs, '-o', `forward://127.0.0.1:${sink.port}`, '-m', '*'])
  const bare = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e9)'], { stdio: 'ignore' })
  await sleep(10_000)
  const pids = [agent.pid ?? 0, bare.pid ?? 0] as const
  const before = pids.map((pid) => usageOf(pid).cpuMs)
  await sleep(idleMs)
  for (const [index, name] of ['agent', 'bare Node'].entries()) {
    const { cpuMs, rssMiB } = usageOf(pids[index] ?? 0)
    const share = ((cpuMs - (before[index] ?? 0)) / idleMs) * 100
    console.log(`  ${name.padEnd(26)}${share.toFixed(2)} % of a core, RSS ${rssMiB.toFixed(1)} MiB`)
  }
  agent.kill()
  bare.kill()
  sink.stop()
}

async function startUp(): Promise<void> {
  const agent = await firstOutput(() => startAgent(['-i', 'mem', '-o', 'stdout', '-p', 'format=json_lines']))
  const bare = await firstOutput(() =>
    spawn(process.execPath, ['-e', 'console.log(1)'], { stdio: ['ignore', 'pipe', 'inherit'] }),
  )
  console.log(
    `from exec to the first delivered event ${agent.toFixed(0)} ms; bare Node to its first line ${bare.toFixed(0)} ms`,
  )
}

async function firstOutput(start: () => ReturnType<typeof startAgent>): Promise<number> {
  const times: number[] = []
  for (let round = 0; round < 9; round++) {
    const startedAt = performance.now()
    const child = start()
    if (child.stdout) await once(child.stdout, 'data')
    times.push(performance.now() - startedAt)
    child.kill('SIGKILL')
    await once(child, 'close')
  }
  return median(times)
}

try {
  await throughput()
  await idle()
  await startUp()
} finally {
  rmSync(folder, { recursive: true })
}
