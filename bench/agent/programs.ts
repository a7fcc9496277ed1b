import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
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

/** Runs a Node program to its own end and tells what that took, and what it printed. */
export async function runProgram(args: readonly string[]): Promise<Usage & { readonly output: string }> {
  const startedAt = performance.now()
  const child = spawn(process.execPath, ['--import', reporter, ...args], {
    stdio: ['ignore', 'pipe', 'inherit', 'pipe'],
  })
  let report = ''
  let output = ''
  child.stdout?.on('data', (bytes: Buffer) => (output += bytes.toString()))
  const pipe = child.stdio[3] as Readable
  pipe.on('data', (bytes: Buffer) => (report += bytes.toString()))
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) throw new Error(`${args.join(' ')}: exit code ${code}`)
  return { ...(JSON.parse(report) as Usage), wallMs: performance.now() - startedAt, output }
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

/** What a running process has used so far, all of its threads together (proc(5): `schedstat` of each below `task`, VmRSS of `status`). */
export function usageOf(pid: number): { readonly cpuMs: number; readonly rssMiB: number } {
  const threads = readdirSync(`/proc/${pid}/task`)
  const nanoseconds = threads.map((id) =>
    Number(readFileSync(`/proc/${pid}/task/${id}/schedstat`, 'utf8').split(' ')[0]),
  )
  const rss = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
  return { cpuMs: nanoseconds.reduce((sum, each) => sum + each, 0) / 1e6, rssMiB: Number(rss?.[1]) / 1024 }
}
