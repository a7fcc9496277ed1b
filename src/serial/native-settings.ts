import type { Libc } from '../libc/libc.js'
import { loadLibc } from '../libc/load-libc.js'
import { AgentError, messageOf } from '../plugin/errors.js'
import { lockForAll, setModemLines, setRs485, setSpeed } from './line-calls.js'
import type { SerialSettings } from './serial-options.js'
import { hasName } from './stty-words.js'

/** What `stty` cannot do is done with calls of the C library. Throws an AgentError where there is something and no such calls. */
export async function applyNative(path: string, fd: number, settings: SerialSettings, load = loadLibc): Promise<void> {
  const wanted = wantedOf(settings)
  const [first] = wanted
  if (!first) return
  const libc = await loaded(path, first.what, load)
  for (const { what, apply } of wanted) {
    try {
      apply(libc, fd)
    } catch (cause) {
      throw new AgentError('SERIAL_UNABLE', `${path}: the driver refuses ${what}: ${messageOf(cause)}`, { cause })
    }
  }
}

/** Keeps other programs out, besides the lock, where the C library can be called. */
export async function excludeOthers(fd: number, load = loadLibc): Promise<void> {
  const libc = await load().catch(() => undefined)
  if (libc) lockForAll(libc, fd)
}

interface Wanted {
  /** The option, for errors. */
  readonly what: string
  readonly apply: (libc: Libc, fd: number) => void
}

function wantedOf(settings: SerialSettings): Wanted[] {
  const { baud_rate: rate, dtr, rts, rs485, rs485_delay: delayMs } = settings
  const wanted: Wanted[] = []
  if (!hasName(rate)) wanted.push({ what: `baud_rate: ${rate}`, apply: (libc, fd) => setSpeed(libc, fd, rate) })
  if (rs485 !== 'off') wanted.push({ what: `rs485: ${rs485}`, apply: (libc, fd) => setRs485(libc, fd, rs485, delayMs) })
  if (dtr !== undefined || rts !== undefined)
    wanted.push({ what: 'dtr and rts', apply: (libc, fd) => setModemLines(libc, fd, settings) })
  return wanted
}

async function loaded(path: string, what: string, load: () => Promise<Libc>): Promise<Libc> {
  try {
    return await load()
  } catch (cause) {
    const message = `${path}: ${what} takes more than stty; install koffi (npm install koffi@3), or set backend: serialport`
    throw new AgentError('SERIAL_NATIVE', message, { cause })
  }
}
