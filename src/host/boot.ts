import { readFileSync } from 'node:fs'
import { uptime } from 'node:os'

/** The boot of this machine: its id, as 32 hexadecimal digits, and how long ago it was, in milliseconds. */
export function readBoot(): { readonly id: string; readonly uptimeMs: number } {
  return { id: bootId().replaceAll('-', ''), uptimeMs: uptime() * 1000 }
}

/** random(4): made anew at each boot. A machine that has none has its boots told apart by nothing. */
function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()
  } catch {
    return '0'.repeat(32)
  }
}
