import type { PluginContext } from '../plugin/context.js'
import { openPort } from './backend.js'
import { devicePath, type DeviceRoots } from './device-path.js'
import { SerialLine } from './serial-line.js'
import type { SerialSettings } from './serial-options.js'

/** Finds and opens the device, once. Throws an AbsentError where it is not there, another AgentError where it cannot be had. */
export async function openLine(
  settings: SerialSettings,
  { clock }: Pick<PluginContext, 'clock'>,
  roots?: DeviceRoots,
): Promise<SerialLine> {
  const path = devicePath(settings, roots)
  const port = await openPort(path, settings, clock)
  return new SerialLine({ path, port, clock, writeTimeoutMs: settings.write_timeout })
}
