import type { Channel } from '../device.js'
import { numberOf, textOf } from '../sysfs.js'

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

/**
 * The inputs of a device of the industrial I/O framework: processed readings as they are, raw ones with their offset and scale, which
 * a channel has for itself or shares with all of its type.
 */
export function iioChannels(folder: string, files: readonly string[]): Channel[] {
  return files.flatMap((file) => {
    const [, stem, form] = /^(in_.+)_(raw|input)$/.exec(file) ?? []
    if (stem === undefined || (form === 'raw' && files.includes(`${stem}_input`))) return []
    const [unit, divisor] = types[/^in_([a-z]+)/.exec(stem)?.[1] ?? ''] ?? [undefined, 1]
    const name = textOf(`${folder}/${stem}_label`) ?? stem.slice('in_'.length)
    if (form === 'input') return [{ name, unit, file, form: 'number' as const, divisor }]
    const shared = (what: string, otherwise: number): number =>
      stemsOf(stem)
        .map((each) => numberOf(`${folder}/${each}_${what}`))
        .find((each) => each !== undefined) ?? otherwise
    return [
      { name, unit, file, form: 'number' as const, divisor, scale: shared('scale', 1), offset: shared('offset', 0) },
    ]
  })
}

/** `in_voltage0_supply`, `in_voltage_supply`, `in_voltage0`, `in_voltage`: the nearest first. */
function stemsOf(stem: string): string[] {
  const first = stem.split('_', 2).join('_')
  const stems = [stem, first].flatMap((each) => [each, each.replaceAll(/\d+/g, '')])
  return [...new Set(stems)]
}
