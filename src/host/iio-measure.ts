import { numberOf } from './sysfs.js'

/** Units by type of channel (the kernel's Documentation/ABI/testing/sysfs-bus-iio), and what the kernel counts in one of them. */
const types: { readonly [type: string]: readonly [unit: string | undefined, divisor: number] } = {
  accel: ['m/s²', 1],
  altvoltage: ['V', 1e3],
  angl: ['rad', 1],
  anglvel: ['rad/s', 1],
  capacitance: ['nF', 1],
  concentration: ['%', 1],
  current: ['A', 1e3],
  distance: ['m', 1],
  electricalconductivity: ['S/m', 1],
  energy: ['J', 1],
  gravity: ['m/s²', 1],
  humidityrelative: ['%', 1e3],
  illuminance: ['lx', 1],
  incli: ['°', 1],
  magn: ['G', 1],
  power: ['W', 1e3],
  pressure: ['kPa', 1],
  resistance: ['Ω', 1],
  temp: ['°C', 1e3],
  velocity: ['m/s', 1],
  voltage: ['V', 1e3],
}

/** How a reading of a channel becomes a number in its unit: `(n + offset) * scale / divisor`. */
export interface IioMeasure {
  /** Undefined where it has none. */
  readonly unit: string | undefined
  readonly scale: number
  readonly offset: number
  readonly divisor: number
}

/** Of a reading that the driver has processed: what is left is what the kernel counts in. */
export function iioUnit(stem: string): Pick<IioMeasure, 'unit' | 'divisor'> {
  const [unit, divisor] = types[/^in_([a-z]+)/.exec(stem)?.[1] ?? ''] ?? [undefined, 1]
  return { unit, divisor }
}

/** Of raw readings of a channel such as `in_accel_x`: it has an offset and a scale for itself, or shares those of all of its type. */
export function iioMeasure(folder: string, stem: string): IioMeasure {
  const shared = (what: string, otherwise: number): number =>
    stemsOf(stem)
      .map((each) => numberOf(`${folder}/${each}_${what}`))
      .find((each) => each !== undefined) ?? otherwise
  return { ...iioUnit(stem), scale: shared('scale', 1), offset: shared('offset', 0) }
}

/** `in_voltage0_supply`, `in_voltage_supply`, `in_voltage0`, `in_voltage`: the nearest first. */
function stemsOf(stem: string): string[] {
  const first = stem.split('_', 2).join('_')
  const stems = [stem, first].flatMap((each) => [each, each.replaceAll(/\d+/g, '')])
  return [...new Set(stems)]
}
