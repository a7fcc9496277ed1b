import { readFileSync } from 'node:fs'

/** proc(5): the most memory that a process has held, in MiB; undefined once it has ended. */
export function peakMemoryMiB(pid: number): number | undefined {
  const [, kibibytes] = /^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return kibibytes === undefined ? undefined : Number(kibibytes) / 1024
}
