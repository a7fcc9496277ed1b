import type { Clock } from '../base/clock.js'
import { AgentError } from '../plugin/errors.js'
import type { Port } from './port.js'
import type { SerialSettings } from './serial-options.js'
import { loadSerialport, openSerialport } from './serialport-port.js'
import { openTty } from './tty-port.js'

/** Opens the device with the backend that the settings name, or that suits this machine. */
export async function openPort(path: string, settings: SerialSettings, clock: Clock): Promise<Port> {
  if (settings.backend === 'tty' || (settings.backend === 'auto' && needsTty(settings)))
    return openTty(path, settings, clock)
  if (settings.rs485 !== 'off')
    throw new AgentError('SERIAL_RS485', `${path}: the package serialport knows no rs485; set backend: tty`)
  const serialport = await loadSerialport()
  if (serialport) return openSerialport(serialport, path, settings, clock)
  if (settings.backend === 'auto') return openTty(path, settings, clock)
  throw new AgentError(
    'SERIAL_NO_BINARY',
    `${path}: the package serialport has no binary for ${process.platform} on ${process.arch}; set backend: tty`,
  )
}

function needsTty({ rs485 }: SerialSettings): boolean {
  return rs485 !== 'off' || stalls(process.versions.node)
}

/** On these versions of Node bindings-cpp 13 gives bytes only when something else wakes the event loop, seconds late. */
export function stalls(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major > 26 || (major === 26 && minor >= 3)
}
