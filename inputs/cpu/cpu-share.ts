import { grown } from 'sluice/host'
import type { CpuTimes } from './stat.js'

/** Percents of the time that passed. */
export interface CpuShare {
  readonly user: number
  readonly system: number
}

/** Ticks in a second, as the kernel shows them to programs (USER_HZ): 100 on every machine that Node runs on. */
export const ticksPerSecond = 100

/** The kernel corrects idle times downwards a little; a jump beyond this is a CPU that was taken out and put back. */
const correctedTicks = 3 * ticksPerSecond

/**
 * The share between two readings. The time that passed is the sum of what the kernel counted, so that no rounding of ticks
 * and no late reading makes more of it than all.
 */
export function shareOf(before: CpuTimes, now: CpuTimes): CpuShare | 'reset' | 'no_ticks' {
  const user = grown(before.user, now.user)
  const system = grown(before.system, now.system)
  if (user === undefined || system === undefined || before.idle - now.idle > correctedTicks) return 'reset'
  const idle = Math.max(0, now.idle - before.idle)
  const other = Math.max(0, now.other - before.other) // iowait may go back by itself (proc_stat(5))
  const all = user + system + idle + other
  return all === 0 ? 'no_ticks' : { user: (user * 100) / all, system: (system * 100) / all }
}
