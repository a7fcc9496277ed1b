/* What the programs in the guest have in common: they send, and ask candump what it saw. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { until } from '../bus-reader.js'

export function run(command: string, ...words: readonly string[]): void {
  execFileSync(command, words, { stdio: ['ignore', 'inherit', 'inherit'] })
}

/** By one shell: each program that Node starts takes a while under emulation. */
export function sendAll(texts: readonly string[]): void {
  run('sh', '-c', texts.map((text) => `cansend vcan0 '${text}'`).join('; '))
}

/** The kernel's own witness; it listens as soon as the kernel has one more filter. */
export function candump(...words: readonly string[]): {
  readonly child: ChildProcess
  readonly listens: Promise<void>
} {
  const before = receivers()
  const child = spawn('candump', ['-L', ...words, 'vcan0'], { stdio: ['ignore', 'pipe', 'inherit'] })
  return { child, listens: until(() => receivers() > before, 'candump listens') }
}

/** How many filters of raw sockets the kernel has for vcan0. */
export function receivers(): number {
  const lists = ['all', 'fil', 'inv', 'sff', 'eff'].map((name) => readFileSync(`/proc/net/can/rcvlist_${name}`, 'utf8'))
  return lists.flatMap((list) => list.split('\n')).filter((line) => /vcan0 .*raw/.test(line)).length
}

/** Without the times. */
export async function linesOf(child: ChildProcess): Promise<string[]> {
  const lines = (await textOf(child)).trim().split('\n')
  return lines.map((line) => line.replace(/^\(.*?\) /, ''))
}

export async function textOf(child: ChildProcess): Promise<string> {
  let text = ''
  child.stdout?.setEncoding('utf8').on('data', (more: string) => void (text += more))
  await once(child, 'close')
  return text
}

export function stampText(microseconds: number): string {
  return `${Math.floor(microseconds / 1e6)}.${String(microseconds % 1e6).padStart(6, '0')}`
}

/** candump of this age writes no raw data length codes, and shows the flag that says FD. */
export function sameLine(own: string, log: string): boolean {
  return own.replace(/_[9A-F]$/, '') === log.replace(/##([4-7])/, (_, flags) => `##${Number(flags) - 4}`)
}
