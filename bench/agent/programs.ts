import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'

export interface Usage {
  readonly cpuMicros: number
  readonly peakKiB: number
  readonly wallMs: number
}

const agentProgram = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url))
const reporter = new URL('report-usage.js', import.meta.url).href

/** Runs the agent to its own end and tells what that took. */
export function runAgent(args: readonly string[]): Promise<Usage> {
  return runProgram([agentProgram, ...args, '-q'])
}

/** Runs a Node program to its own end and tells what that took. */
export async function runProgram(args: readonly string[]): Promise<Usage> {
  const startedAt = performance.now()
  const child = spawn(process.execPath, ['--import', reporter, ...args], {
    stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
  })
  let report = ''
  const pipe = child.stdio[3] as Readable
  pipe.on('data', (bytes: Buffer) => (report += bytes.toString()))
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) throw new Error(`${args.join(' ')}: exit code ${code}`)
  return { ...(JSON.parse(report) as Usage), wallMs: performance.now() - startedAt }
}

/** Starts the agent and leaves it running. */
export function startAgent(args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [agentProgram, ...args, '-q'], { stdio: ['ignore', 'pipe', 'inherit'] })
}

/** A sink that counts what it is sent and acknowledges every chunk, in a process of its own. */
export async function startSink(): Promise<{ readonly port: number; readonly stop: () => void }> {
  const program = fileURLToPath(new URL('sink.js', import.meta.url))
  const child = spawn(process.execPath, [program], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  return { port: Number(line.toString()), stop: () => void child.kill() }
}

const ticksPerSecond = 100

/** What a running process has used so far (proc(5): `stat` fields 14 and 15, `status` VmRSS). */
export function usageOf(pid: number): { readonly cpuMs: number; readonly rssMiB: number } {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const cpuMs = ((Number(fields[11]) + Number(fields[12])) * 1000) / ticksPerSecond
  const rss = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
  return { cpuMs, rssMiB: Number(rss?.[1]) / 1024 }
}
