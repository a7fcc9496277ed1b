import { close, constants, open } from 'node:fs'
import { isatty, ReadStream } from 'node:tty'
import { promisify } from 'node:util'
import type { Clock } from '../base/clock.js'
import { AgentError } from '../plugin/errors.js'
import { openFailure } from './failure.js'
import { applyNative, excludeOthers } from './native-settings.js'
import type { Port } from './port.js'
import type { SerialSettings } from './serial-options.js'
import { sttyWords } from './stty-words.js'
import { runOnFile } from './tool.js'

const openFile = promisify(open)
const closeFile = promisify(close)

/** The terminal must not become ours, and an open must not wait for a carrier. */
const flags = constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK

/**
 * Opens a device with nothing but Node, `stty` and `flock`. It is opened twice: one file is the stream's; the other is what is set up
 * and locked, and what is closed last, off the event loop, because the kernel lets the last close wait for output that a device does
 * not take (`closing_wait`, up to 30 s).
 */
export async function openTty(path: string, settings: SerialSettings, clock: Clock): Promise<Port> {
  const keeper = await openDevice(path)
  try {
    if (!isatty(keeper))
      throw new AgentError('SERIAL_NO_LINE', `${path}: expected a serial line, got another kind of file`)
    if (settings.exclusive) await lock(keeper, path, clock)
    await configure(keeper, path, settings, clock)
    await applyNative(path, keeper, settings)
    const stream = new ReadStream(await openDevice(path))
    // Node opens the device once more for itself, which would fail from here on.
    if (settings.exclusive) await excludeOthers(keeper)
    return { backend: 'tty', stream, close: () => closePort(stream, keeper) }
  } catch (error) {
    await closeFile(keeper)
    throw error
  }
}

async function openDevice(path: string): Promise<number> {
  try {
    return await openFile(path, flags)
  } catch (error) {
    throw openFailure(path, error)
  }
}

/** What `flock` says, without a word, when somebody else has the lock; all else is that it cannot lock. */
const held = 'exit code 1'

/** The lock (flock) is the open file's, not the program's that took it. */
async function lock(fd: number, path: string, clock: Clock): Promise<void> {
  const complaint = await runOnFile(['flock', '-n', '0'], fd, clock)
  if (complaint !== held) return
  throw new AgentError('SERIAL_LOCKED', `${path}: another program has locked it; stop that, or set exclusive: off`)
}

async function configure(fd: number, path: string, settings: SerialSettings, clock: Clock): Promise<void> {
  const words = sttyWords(settings)
  const complaint = await runOnFile(['stty', ...words], fd, clock)
  if (complaint === undefined) return
  if (complaint === 'stty is missing')
    throw new AgentError('SERIAL_STTY', `${path}: stty is missing; install coreutils or busybox`)
  throw new AgentError('SERIAL_SETTINGS', `${path}: "stty ${words.join(' ')}" failed: ${complaint}`)
}

async function closePort(stream: ReadStream, keeper: number): Promise<void> {
  const stuck = stream.writableLength > 0
  const closed = stream.closed ? undefined : new Promise((resolve) => stream.once('close', resolve))
  stream.destroy()
  await closed
  const freed = closeFile(keeper)
  if (!stuck) await freed
}
