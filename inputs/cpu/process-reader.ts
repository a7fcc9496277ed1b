import { grown, KernelFile } from 'sluice/host'
import { AgentError, type EventRecord, type InputContext } from 'sluice/plugin'
import { ticksPerSecond } from './cpu-share.js'
import { parsePidStat, type ProcessTimes } from './pid-stat.js'
import type { Reader } from './reader.js'

interface Sample extends ProcessTimes {
  readonly atMs: number
}

/** Shares of one process in one CPU, from /proc/PID/stat and the time that really passed. */
export class ProcessReader implements Reader {
  readonly #pid: number
  readonly #context: InputContext
  readonly #file: KernelFile
  #before: Sample | undefined

  constructor(pid: number, context: InputContext, root: string) {
    this.#pid = pid
    this.#context = context
    this.#file = new KernelFile(`${root}/${pid}/stat`)
  }

  read(): EventRecord | undefined {
    const before = this.#before
    const now = this.#sample()
    this.#before = now
    if (!before || now.atMs === before.atMs) return undefined
    const user = grown(before.user, now.user)
    const system = grown(before.system, now.system)
    if (user === undefined || system === undefined) {
      this.#context.count('counter_resets')
      return undefined
    }
    const percentPerTick = 100_000 / ticksPerSecond / (now.atMs - before.atMs)
    return {
      cpu_p: (user + system) * percentPerTick,
      user_p: user * percentPerTick,
      system_p: system * percentPerTick,
    }
  }

  close(): void {
    this.#file.close()
  }

  #sample(): Sample {
    const atMs = this.#context.clock.monotonic()
    return { ...parsePidStat(this.#text()), atMs }
  }

  #text(): string {
    try {
      return this.#file.read()
    } catch (cause) {
      const message = `pid: expected a running process, got ${this.#pid}, which is not there; give the number of another`
      throw new AgentError('CPU_NO_PROCESS', message, { cause })
    }
  }
}
