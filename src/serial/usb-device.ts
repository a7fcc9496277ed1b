import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** What the kernel says of the USB adapter behind a serial line: ids as four hex digits, the number of its interface. */
export interface UsbLine {
  /** Name below /dev, such as `ttyUSB0`. */
  readonly name: string
  readonly vendor: string
  readonly product: string
  readonly serial: string | undefined
  readonly interface: number | undefined
}

/** All serial lines of this machine that are USB adapters, by name. `sysfs` is where the kernel's tree is mounted. */
export function usbLines(sysfs = '/sys'): UsbLine[] {
  const folder = join(sysfs, 'class/tty')
  return namesIn(folder)
    .sort()
    .flatMap((name) => usbLine(name, join(folder, name, 'device')) ?? [])
}

/**
 * Up from the line's device to the first that has an `idVendor`; the interface is passed on the way
 * (Documentation/ABI/testing/sysfs-bus-usb).
 */
function usbLine(name: string, device: string): UsbLine | undefined {
  if (!existsSync(device)) return undefined
  let at = realpathSync(device)
  let number: number | undefined
  while (!existsSync(join(at, 'idVendor'))) {
    number ??= hexIn(join(at, 'bInterfaceNumber'))
    if (dirname(at) === at) return undefined
    at = dirname(at)
  }
  const [vendor = '', product = ''] = [textIn(join(at, 'idVendor')), textIn(join(at, 'idProduct'))]
  return { name, vendor, product, serial: textIn(join(at, 'serial')), interface: number }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return [] // no such lines, then
  }
}

function textIn(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch {
    return undefined // not every adapter has a serial number; one that is being unplugged has nothing
  }
}

function hexIn(file: string): number | undefined {
  const text = textIn(file)
  return text === undefined ? undefined : Number.parseInt(text, 16)
}
