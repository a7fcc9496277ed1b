import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'

/** A process, so that another one which got its pid later, or after a boot, is not taken for it. */
export interface ProcessIdentity {
  readonly pid: number
  /** When it started, in ticks since the boot; empty where the system does not tell. */
  readonly started: string
  readonly boot: string
  /** Differs for each identity that a process gives itself. */
  readonly nonce: string
}

export function ownIdentity(): ProcessIdentity {
  return {
    pid: process.pid,
    started: statOf(process.pid)?.started ?? '',
    boot: bootId(),
    nonce: randomBytes(6).toString('hex'),
  }
}

/** Undefined for text that names no process. */
export function readIdentity(text: string): ProcessIdentity | undefined {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return undefined // half a file, as a power cut leaves it
  }
  return isIdentity(value) ? value : undefined
}

/** Whether this process still runs. */
export function isAlive({ pid, started, boot }: ProcessIdentity): boolean {
  if (boot !== bootId() || !exists(pid)) return false
  const stat = statOf(pid)
  return !stat || (stat.started === started && !stat.ended)
}

function isIdentity(value: unknown): value is ProcessIdentity {
  if (typeof value !== 'object' || value === null) return false
  const { pid, started, boot, nonce } = value as Partial<Record<keyof ProcessIdentity, unknown>>
  const isNamed = typeof started === 'string' && typeof boot === 'string'
  // The nonce becomes part of a file's name.
  return (
    isNamed && Number.isSafeInteger(pid) && Number(pid) > 0 && typeof nonce === 'string' && /^\w{1,64}$/.test(nonce)
  )
}

/** A process of another user can be seen, if not sent anything. */
function exists(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Fields 3 and 22 of proc_pid_stat(5), behind the name, which may hold anything. A zombie has ended, but not been waited for. */
function statOf(pid: number): { readonly started: string; readonly ended: boolean } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return { started: fields[19] ?? '', ended: fields[0] === 'Z' || fields[0] === 'X' }
  } catch {
    return undefined // no such process, or one that is hidden from us
  }
}

function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()
  } catch {
    return '' // not Linux: then only the pid tells
  }
}
