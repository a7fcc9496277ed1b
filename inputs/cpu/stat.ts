import { wordsOf } from 'sluice/host'

/** What one `cpu` line of /proc/stat counts since boot, in ticks (proc_stat(5)). Guests' time is in `user` already. */
export interface CpuTimes {
  /** `cpu` for all of them together, else `cpu0`, `cpu1`, … */
  readonly name: string
  readonly user: number
  /** The kernel itself, its interrupts included: on a busy gateway these are where packets are handled. */
  readonly system: number
  readonly idle: number
  /** Waiting for disks, and taken away by the host of a virtual machine: neither idle nor busy. */
  readonly other: number
}

export function parseStat(text: string): CpuTimes[] {
  const times: CpuTimes[] = []
  for (let start = 0; text.startsWith('cpu', start);) {
    const newline = text.indexOf('\n', start)
    const end = newline < 0 ? text.length : newline
    times.push(timesOf(text.slice(start, end)))
    start = end + 1
  }
  return times
}

/** Kernels before 2.6.11 have fewer columns; what is missing is zero. */
function timesOf(line: string): CpuTimes {
  const [name = '', ...columns] = wordsOf(line)
  const [user = 0, nice = 0, system = 0, idle = 0, iowait = 0, irq = 0, softirq = 0, steal = 0] = columns.map(Number)
  return { name, user: user + nice, system: system + irq + softirq, idle, other: iowait + steal }
}
