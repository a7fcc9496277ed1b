import { kibibytesOf } from 'sluice/host'
import type { EventRecord } from 'sluice/plugin'

/** Keys of /proc/PID/status about memory (proc_pid_status(5)); those that Fluent Bit gives, in its order. */
const memoryKeys = [
  'VmPeak',
  'VmSize',
  'VmLck',
  'VmHWM',
  'VmRSS',
  'VmData',
  'VmStk',
  'VmExe',
  'VmLib',
  'VmPTE',
  'VmSwap',
] as const

/** In bytes. A kernel thread has no memory of its own, so no such fields. */
export function memoryOf(status: string): EventRecord {
  const record: Record<string, number> = {}
  for (const key of memoryKeys) {
    const kibibytes = kibibytesOf(status, key)
    if (kibibytes !== undefined) record[`mem.${key}`] = kibibytes * 1024
  }
  return record
}

/** Whether it ended and only waits for its parent to look. */
export function isDead(status: string): boolean {
  return /^State:\s*[ZXx]/m.test(status)
}

/**
 * Whether a process is called so: by the file name of its program as it was started, or by the name that the kernel has for
 * it, which is the only one of a kernel thread and ends after 15 bytes.
 */
export function goesBy(name: string, status: string, commandLine: string): boolean {
  const [program = ''] = commandLine.split('\0', 1)
  if (program.slice(program.lastIndexOf('/') + 1) === name) return true
  return /^Name:\t(.*)$/m.exec(status)?.[1] === name
}
