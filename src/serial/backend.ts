import type { Clock } from '../base/clock.js'
import { AgentError } from '../plugin/errors.js'
import { codeOf } from './failure.js'
import type { Port } from './port.js'
import type { SerialSettings } from './serial-options.js'
import { loadSerialport, openSerialport } from './serialport-port.js'
import { openTty } from './tty-port.js'

/** Opens the device with the backend that the settings name, or that suits this machine. */
export function openPort(path: string, settings: SerialSettings, clock: Clock): Promise<Port> {
  if (settings.backend === 'auto') return openEither(path, settings, clock)
  return settings.backend === 'tty' ? openTty(path, settings, clock) : openPackage(path, settings, clock)
}

/** What the machine lacks for the backend of our own: `stty`, or the C library's calls where the settings need them. */
const lacking: readonly unknown[] = ['SERIAL_STTY', 'SERIAL_NATIVE']

/** Our own costs half as much (docs/dependencies.md) and serves on every Node; what it lacks the package may have. */
async function openEither(path: string, settings: SerialSettings, clock: Clock): Promise<Port> {
  try {
    return await openTty(path, settings, clock)
  } catch (error) {
    const isLacking = lacking.includes(codeOf(error)) && settings.rs485 === 'off' && !stalls(process.versions.node)
    const serialport = isLacking ? await loadSerialport() : undefined
    if (serialport) return openSerialport(serialport, path, settings, clock)
    throw error
  }
}

async function openPackage(path: string, settings: SerialSettings, clock: Clock): Promise<Port> {
  if (settings.rs485 !== 'off')
    throw new AgentError('SERIAL_RS485', `${path}: the package serialport knows no rs485; set backend: tty`)
  const serialport = await loadSerialport()
  if (serialport) return openSerialport(serialport, path, settings, clock)
  throw new AgentError(
    'SERIAL_NO_BINARY',
    `${path}: the package serialport is not installed, or has no binary for ${process.arch}; set backend: tty`,
  )
}

/** On these versions of Node bindings-cpp 13 gives bytes only when something else wakes the event loop, seconds late. */
export function stalls(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major > 26 || (major === 26 && minor >= 3)
}
