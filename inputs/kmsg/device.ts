import { closeSync, constants, openSync, readFileSync, readSync } from 'node:fs'
import { AgentError, messageOf } from 'sluice/plugin'

/** Where the kernel's log comes from. */
export interface Source {
  readonly path: string
  /** A file that names the present boot: sequence numbers begin anew with each. */
  readonly bootIdPath: string
  /** Milliseconds on the clock that the kernel stamps its log with: since boot, without time asleep. */
  sinceBootMs(): number
}

export const kernelDevice: Source = {
  path: '/dev/kmsg',
  bootIdPath: '/proc/sys/kernel/random/boot_id',
  // CLOCK_MONOTONIC, which for Linux begins at boot. The context's clock begins elsewhere, and /proc/uptime counts time asleep.
  sinceBootMs: () => Number(process.hrtime.bigint()) / 1e6,
}

/** No record is longer: the kernel refuses buffers that it would not fit in (PRINTK_MESSAGE_MAX and its prefix). */
const bufferBytes = 16 * 1024

/** The open device. Reading never waits: what is not there yet is looked for again later. */
export class Device {
  readonly #file: number
  readonly #buffer = Buffer.allocUnsafeSlow(bufferBytes)

  constructor(path: string) {
    this.#file = openDevice(path)
  }

  /** The text of the next record or records; empty when there is none now. */
  read(): string {
    for (;;) {
      try {
        return this.#buffer.toString('utf8', 0, readSync(this.#file, this.#buffer))
      } catch (error) {
        if (codeOf(error) === 'EAGAIN') return ''
        // EPIPE: the next record was overwritten before it was read; reading goes on at the oldest there is.
        if (codeOf(error) !== 'EPIPE') throw error
      }
    }
  }

  close(): void {
    closeSync(this.#file)
  }
}

function openDevice(path: string): number {
  try {
    return openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') {
      const message = `${path}: expected the kernel's log, got nothing: this machine or container has none; leave the input out`
      throw new AgentError('KMSG_NO_DEVICE', message, { cause })
    }
    const message = `${path}: expected to be let in, got ${messageOf(cause)}; run as root or with CAP_SYSLOG`
    throw new AgentError('KMSG_DENIED', message, { cause })
  }
}

/** Empty where the kernel does not tell: then every start reads the log from its beginning. */
export function bootIdOf(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    return '' // the caller treats it as a boot it never saw
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}
