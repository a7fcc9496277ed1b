import { wordsOf } from 'sluice/host'

/** Ticks that a process has run since it started, its ended children left out. */
export interface ProcessTimes {
  readonly user: number
  readonly system: number
}

/** The name, second of the fields, may hold spaces and brackets: fields are counted from its last bracket (proc_pid_stat(5)). */
export function parsePidStat(text: string): ProcessTimes {
  const fields = wordsOf(text.slice(text.lastIndexOf(')') + 1))
  return { user: Number(fields[utime]), system: Number(fields[stime]) }
}

/** Fields 14 and 15, counted from field 3. */
const utime = 11
const stime = 12
