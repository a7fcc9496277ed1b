import type { Channel } from '../device.js'

/** One temperature in thousandths of a degree (the kernel's Documentation/driver-api/thermal/sysfs-api.rst). */
export function thermalChannels(_folder: string, files: readonly string[]): Channel[] {
  return only(files, [{ name: 'temp', unit: '°C', file: 'temp', form: 'number', divisor: 1e3 }])
}

/** Thermometers on a 1-wire bus (the kernel's Documentation/w1/slaves/w1_therm.rst). */
export function w1Channels(_folder: string, files: readonly string[]): Channel[] {
  return only(files, [{ name: 'temp', unit: '°C', file: 'w1_slave', form: 'w1_slave', divisor: 1e3 }])
}

export function ledChannels(_folder: string, files: readonly string[]): Channel[] {
  return only(files, [
    { name: 'brightness', file: 'brightness', form: 'number' },
    { name: 'max_brightness', file: 'max_brightness', form: 'number' },
    { name: 'trigger', file: 'trigger', form: 'choice' },
  ])
}

/** Files by unit (the kernel's Documentation/ABI/testing/sysfs-class-power), and what the kernel counts in one unit. */
const powerFiles: readonly (readonly [unit: string | undefined, divisor: number, files: readonly string[]])[] = [
  ['V', 1e6, ['voltage_now', 'voltage_avg', 'voltage_min_design', 'voltage_max_design']],
  ['A', 1e6, ['current_now', 'current_avg', 'input_current_limit']],
  ['W', 1e6, ['power_now', 'power_avg']],
  ['Ah', 1e6, ['charge_now', 'charge_full', 'charge_full_design', 'charge_counter']],
  ['Wh', 1e6, ['energy_now', 'energy_full', 'energy_full_design']],
  ['°C', 10, ['temp', 'temp_ambient']],
  ['%', 1, ['capacity']],
  ['s', 1, ['time_to_empty_now', 'time_to_full_now']],
  [undefined, 1, ['online', 'present', 'cycle_count']],
]

const powerWords = ['type', 'status', 'health', 'capacity_level', 'charge_type', 'technology']

/** Batteries, mains, chargers and USB ports. */
export function powerChannels(_folder: string, files: readonly string[]): Channel[] {
  const numbers = powerFiles.flatMap(([unit, divisor, names]) =>
    names.map((name) => ({ name, unit, file: name, form: 'number' as const, divisor })),
  )
  return only(files, [...powerWords.map((name) => ({ name, file: name, form: 'text' as const })), ...numbers])
}

function only(files: readonly string[], channels: readonly Channel[]): Channel[] {
  return channels.filter(({ file }) => files.includes(file))
}
