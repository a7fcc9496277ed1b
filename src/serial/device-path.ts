import { join } from 'node:path'
import { AgentError } from '../plugin/errors.js'
import { AbsentError } from './failure.js'
import type { SerialSettings } from './serial-options.js'
import { type UsbLine, usbLines } from './usb-device.js'

/** Which device the settings mean. */
export type DeviceSettings = Pick<
  SerialSettings,
  'path' | 'usb_vendor' | 'usb_product' | 'usb_serial' | 'usb_interface'
>

/** Where the kernel shows its devices: other folders in tests. */
export interface DeviceRoots {
  readonly dev: string
  readonly sysfs: string
}

export const systemRoots: DeviceRoots = { dev: '/dev', sysfs: '/sys' }

/** Throws an AgentError where the settings name no device, or name it in two ways: for `create`. */
export function checkDevice({ path, ...usb }: DeviceSettings): void {
  const byUsb = usb.usb_vendor !== undefined || usb.usb_product !== undefined || usb.usb_serial !== undefined
  if (path === undefined && !byUsb)
    throw new AgentError(
      'SERIAL_NO_DEVICE',
      'path: expected a device such as /dev/ttyUSB0, or usb_vendor and usb_product, got neither',
    )
  if (path !== undefined && (byUsb || usb.usb_interface !== undefined))
    throw new AgentError('SERIAL_TWO_DEVICES', 'path: expected either a path or usb_… options, got both; leave one out')
}

/** The path of the device, at this moment. Throws an AbsentError where no adapter is as the settings say. */
export function devicePath(settings: DeviceSettings, roots: DeviceRoots = systemRoots): string {
  checkDevice(settings)
  if (settings.path !== undefined) return settings.path
  const [found, second] = usbLines(roots.sysfs).filter((line) => isMeant(line, settings))
  if (!found) throw new AbsentError('SERIAL_ABSENT', `no USB adapter with ${wordsOf(settings)} is plugged in`)
  if (second)
    throw new AgentError(
      'SERIAL_SEVERAL',
      `several lines have ${wordsOf(settings)}, such as ${found.name} and ${second.name}; add usb_serial or usb_interface`,
    )
  return join(roots.dev, found.name)
}

function isMeant(line: UsbLine, wanted: DeviceSettings): boolean {
  return (
    fits(wanted.usb_vendor?.toLowerCase(), line.vendor) &&
    fits(wanted.usb_product?.toLowerCase(), line.product) &&
    fits(wanted.usb_serial, line.serial) &&
    fits(wanted.usb_interface, line.interface)
  )
}

function fits<T>(wanted: T | undefined, found: T): boolean {
  return wanted === undefined || wanted === found
}

function wordsOf(settings: DeviceSettings): string {
  const words = ['vendor', 'product', 'serial', 'interface'] as const
  return words
    .flatMap((word) => (settings[`usb_${word}`] === undefined ? [] : `${word} ${settings[`usb_${word}`]}`))
    .join(', ')
}
