import { namesIn, placeOf, textOf } from 'sluice/host'
import { AgentError } from 'sluice/plugin'

/** A device of the kernel's framework for industrial I/O, or a trigger of it. */
export interface IioNode {
  /** What the driver calls it. */
  readonly name: string
  /** What it hangs on, such as `1-006a`. */
  readonly device: string
  /** The name of its file, such as `iio:device0`. */
  readonly file: string
  /** Where its attributes are. */
  readonly folder: string
}

/** A device by its name, what it hangs on, or its file. Throws an AgentError: `IIO_NO_DEVICE`, `IIO_AMBIGUOUS_DEVICE`. */
export function findDevice(sysfs: string, wanted: string): IioNode {
  const devices = nodesIn(sysfs, /^iio:device\d+$/)
  const found = devices.filter(({ name, device, file }) => [name, device, file].includes(wanted))
  const [first, ...others] = found
  if (first === undefined) throw noDevice(wanted, devices)
  if (others.length === 0) return first
  const places = found.map(({ device }) => `"${device}"`).join(', ')
  const message = `device "${wanted}": expected one, got one on each of ${places}; name what it hangs on`
  throw new AgentError('IIO_AMBIGUOUS_DEVICE', message)
}

/** What can make devices measure now. */
export function triggersIn(sysfs: string): IioNode[] {
  return nodesIn(sysfs, /^trigger\d+$/)
}

function nodesIn(sysfs: string, form: RegExp): IioNode[] {
  const all = `${sysfs}/bus/iio/devices`
  const files = namesIn(all).filter((file) => form.test(file))
  return files.map((file) => {
    const folder = `${all}/${file}`
    return { name: textOf(`${folder}/name`) ?? file, device: placeOf(folder) ?? file, file, folder }
  })
}

function noDevice(wanted: string, devices: readonly IioNode[]): AgentError {
  const got = devices.map(({ name, device }) => `"${name}" on "${device}"`).join(', ') || 'none'
  return new AgentError('IIO_NO_DEVICE', `device "${wanted}": expected a device of IIO, got ${got}; load its driver`)
}
