import type { Libc } from '../libc/libc.js'
import { littleEndian } from '../libc/platform.js'
import type { SerialSettings } from './serial-options.js'

/** Requests of ioctl (asm-generic/ioctls.h, which x86, arm and riscv share). */
const requests = {
  exclusive: 0x540c,
  setLines: 0x5416,
  clearLines: 0x5417,
  setRs485: 0x542f,
  getTermios2: 0x802c542a,
  setTermios2: 0x402c542b,
} as const

/** Modem lines, as TIOCM_DTR and TIOCM_RTS. */
const lines = { dtr: 0x002, rts: 0x004 } as const

/** Flags of struct serial_rs485 (linux/serial.h). */
const rs485Flags = { enabled: 1, rts_on_send: 2, rts_after_send: 4 } as const

/** Where struct termios2 has its control flags and its two speeds, and that the speeds count (asm-generic/termbits.h). */
const termios2 = { bytes: 44, controlFlags: 8, inputSpeed: 36, outputSpeed: 40 } as const
const speedMask = 0x100f_100f
const otherSpeed = 0x1000_1000

/** Nobody but root may open the device any more (TIOCEXCL). */
export function lockForAll(libc: Libc, fd: number): void {
  libc.ioctl(fd, requests.exclusive, 0)
}

/** Sets what the settings say of DTR and RTS, and leaves the others. */
export function setModemLines(libc: Libc, fd: number, { dtr, rts }: Pick<SerialSettings, 'dtr' | 'rts'>): void {
  const on = (dtr ? lines.dtr : 0) | (rts ? lines.rts : 0)
  const off = (dtr === false ? lines.dtr : 0) | (rts === false ? lines.rts : 0)
  if (on !== 0) libc.ioctl(fd, requests.setLines, words(on))
  if (off !== 0) libc.ioctl(fd, requests.clearLines, words(off))
}

/** Has the driver switch RTS around what is sent; `delayMs` lies before the first bit and behind the last. */
export function setRs485(libc: Libc, fd: number, level: 'rts_on_send' | 'rts_after_send', delayMs: number): void {
  libc.ioctl(fd, requests.setRs485, words(rs485Flags.enabled | rs485Flags[level], delayMs, delayMs, 0, 0, 0, 0, 0))
}

/** Sets a speed that has no name of its own. The driver takes the nearest that it can make. */
export function setSpeed(libc: Libc, fd: number, bitsPerSecond: number): void {
  const bytes = new Uint8Array(termios2.bytes)
  const view = new DataView(bytes.buffer)
  libc.ioctl(fd, requests.getTermios2, bytes)
  const flags = view.getUint32(termios2.controlFlags, littleEndian)
  view.setUint32(termios2.controlFlags, (flags & ~speedMask) | otherSpeed, littleEndian)
  view.setUint32(termios2.inputSpeed, bitsPerSecond, littleEndian)
  view.setUint32(termios2.outputSpeed, bitsPerSecond, littleEndian)
  libc.ioctl(fd, requests.setTermios2, bytes)
}

/** Numbers of 32 bits, as C has them. */
function words(...numbers: readonly number[]): Uint8Array {
  return new Uint8Array(Uint32Array.from(numbers).buffer)
}
