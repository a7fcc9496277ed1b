import { AgentError, type InputContext } from 'sluice/plugin'
import { Device } from './device.js'
import type { DeviceOptions } from './options.js'

/** The devices of the options by their addresses. Throws `LORAWAN_DEVICE` where two have the same. */
export function devicesOf(all: readonly DeviceOptions[] = [], context: InputContext): ReadonlyMap<string, Device> {
  const devices = new Map<string, Device>()
  for (const options of all) {
    const address = options.dev_addr.toLowerCase()
    if (devices.has(address))
      throw new AgentError('LORAWAN_DEVICE', `devices: expected each dev_addr once, got "${address}" twice`)
    const parser = options.parser === undefined ? undefined : context.parser(options.parser)
    devices.set(address, new Device(options, parser, context.state))
  }
  return devices
}

/** The gateways of the options, as the protocol has them; undefined for all. Throws `LORAWAN_GATEWAY`. */
export function gatewaysOf(names: readonly string[] | undefined): ReadonlySet<string> | undefined {
  return names && new Set(names.map(gatewayOf))
}

function gatewayOf(name: string): string {
  const digits = name.replace(/[:-]/g, '').toLowerCase()
  if (/^[0-9a-f]{16}$/.test(digits)) return digits
  throw new AgentError('LORAWAN_GATEWAY', `gateways: expected 16 hex digits in quotes, got "${name}"`)
}
