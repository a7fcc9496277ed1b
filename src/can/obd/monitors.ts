import { bit, type ParameterSignal, word } from './parameter.js'

/** Tests that run all the time: bit in byte B of whether there is one, and four bits above it of whether it is unfinished. */
const continuous = { 0: 'misfire', 1: 'fuel_system', 2: 'components' } as const

/** Tests that run once a drive, of engines with spark ignition, by their bits in bytes C and D (SAE J1979, table B4). */
const spark = {
  0: 'catalyst',
  1: 'heated_catalyst',
  2: 'evaporative_system',
  3: 'secondary_air',
  4: 'particulate_filter',
  5: 'oxygen_sensor',
  6: 'oxygen_sensor_heater',
  7: 'egr',
} as const

/** The same of engines with compression ignition. */
const compression = {
  0: 'nmhc_catalyst',
  1: 'nox_aftertreatment',
  3: 'boost_pressure',
  5: 'exhaust_gas_sensor',
  6: 'particulate_filter',
  7: 'egr',
} as const

/** Bit of byte B that says which of the two the engine is. */
const compressionBit = 0x08

/** Names of the tests that the car has and that are not complete. */
const incomplete: ParameterSignal = {
  name: 'incomplete_monitors',
  unit: '',
  read([, b, c, d]) {
    if (b === undefined || c === undefined || d === undefined) return undefined
    const each = (b & compressionBit) === 0 ? spark : compression
    return [...named(continuous, b & (b >> 4) & 7), ...named(each, c & d)]
  },
}

function named(names: { readonly [bit: number]: string }, bits: number): string[] {
  return Object.entries(names).flatMap(([number, name]) => ((bits & (1 << Number(number))) === 0 ? [] : [name]))
}

/** How far the tests are since codes were cleared, with the lamp and the number of codes. */
export const monitorSignals: readonly ParameterSignal[] = [
  bit('mil', 7),
  {
    name: 'dtc_count',
    unit: '',
    read: ([a]) => (a === undefined ? undefined : a & 0x7f),
  },
  incomplete,
]

/** The same of this drive alone, which has neither lamp nor number. */
export const driveMonitorSignals: readonly ParameterSignal[] = [
  { ...incomplete, name: 'incomplete_monitors_this_drive' },
]

/** What the loop of fuel and oxygen does (J1979, table B6). */
const fuelSystem = {
  0: 'off',
  1: 'open_loop_cold',
  2: 'closed_loop',
  4: 'open_loop_drive',
  8: 'open_loop_fault',
  16: 'closed_loop_fault',
} as const

export const fuelSystemSignals: readonly ParameterSignal[] = [
  word('fuel_system_1', fuelSystem),
  word('fuel_system_2', fuelSystem, 1),
]
