import { KernelFile } from 'sluice/host'
import type { EventRecord, InputContext } from 'sluice/plugin'
import { shareOf } from './cpu-share.js'
import type { Reader } from './reader.js'
import { type CpuTimes, parseStat } from './stat.js'

/** Shares of all CPUs together and of each, from /proc/stat. CPUs may come and go between readings. */
export class MachineReader implements Reader {
  readonly #context: InputContext
  readonly #file: KernelFile
  #before = new Map<string, CpuTimes>()

  constructor(context: InputContext, root: string) {
    this.#context = context
    this.#file = new KernelFile(`${root}/stat`)
  }

  read(): EventRecord | undefined {
    const record: Record<string, number> = {}
    const times = new Map<string, CpuTimes>()
    for (const now of parseStat(this.#file.read())) times.set(now.name, this.#compare(now, record))
    this.#before = times
    return 'cpu_p' in record ? record : undefined
  }

  close(): void {
    this.#file.close()
  }

  /** Adds the share of one line to the record; answers what the next reading is to be compared with. */
  #compare(now: CpuTimes, record: Record<string, number>): CpuTimes {
    const before = this.#before.get(now.name)
    if (!before) return now
    const share = shareOf(before, now)
    if (share === 'no_ticks') return before
    if (share === 'reset') {
      this.#context.count('counter_resets')
      return now
    }
    const whole = now.name === 'cpu'
    record[whole ? 'cpu_p' : `${now.name}.p_cpu`] = share.user + share.system
    record[whole ? 'user_p' : `${now.name}.p_user`] = share.user
    record[whole ? 'system_p' : `${now.name}.p_system`] = share.system
    return now
  }
}
