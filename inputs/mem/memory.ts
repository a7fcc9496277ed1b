import { kibibytesOf } from 'sluice/host'
import type { EventRecord } from 'sluice/plugin'

/** /proc/meminfo to a record, all in KiB. What is used is all that is not free, caches included; `available` leaves these out. */
export function machineMemory(meminfo: string): EventRecord {
  const kibibytes = (key: string): number => kibibytesOf(meminfo, key) ?? 0
  const available = kibibytesOf(meminfo, 'MemAvailable') // since Linux 3.14
  return {
    'Mem.total': kibibytes('MemTotal'),
    'Mem.used': kibibytes('MemTotal') - kibibytes('MemFree'),
    'Mem.free': kibibytes('MemFree'),
    ...(available === undefined ? {} : { 'Mem.available': available }),
    'Swap.total': kibibytes('SwapTotal'),
    'Swap.used': kibibytes('SwapTotal') - kibibytes('SwapFree'),
    'Swap.free': kibibytes('SwapFree'),
  }
}

/** /proc/PID/status to the memory that a process holds, in bytes and for people. A kernel thread has none of its own. */
export function processMemory(status: string): EventRecord {
  const bytes = (kibibytesOf(status, 'VmRSS') ?? 0) * 1024
  return { proc_bytes: bytes, proc_hr: readable(bytes) }
}

const units = ['b', 'K', 'M', 'G', 'T']

function readable(bytes: number): string {
  const power = bytes < 1024 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10))
  return power === 0 ? `${bytes} b` : `${(bytes / 1024 ** power).toFixed(2)}${units[power]}`
}
