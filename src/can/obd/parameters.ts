import type { EventRecord } from '../../event/event.js'
import { dtcText } from './dtc.js'
import { driveMonitorSignals, fuelSystemSignals, monitorSignals } from './monitors.js'
import { bit, type Formula, type Parameter, type ParameterSignal, s16, u16, u32, u8, word } from './parameter.js'
import { fuels, secondaryAir, standards } from './words.js'

/** Formulas that come again and again. */
const percent = { multiplier: 100, divisor: 255 } as const
const trim = { multiplier: 100, divisor: 128, offset: -100 } as const
const celsius = { offset: -40 } as const
const fineCelsius = { divisor: 10, offset: -40 } as const
const torque = { offset: -125 } as const
const lambda = { multiplier: 2, divisor: 65_536 } as const

type Row = readonly [pid: number, bytes: number, name: string, signals: readonly ParameterSignal[]]

/** A parameter of one value has its name. */
function one(pid: number, bytes: number, signal: ParameterSignal): Row {
  return [pid, bytes, signal.name, [signal]]
}

function byte(pid: number, name: string, unit: string, formula?: Formula): Row {
  return one(pid, 1, u8(name, unit, formula))
}

function pair(pid: number, name: string, unit: string, formula?: Formula): Row {
  return one(pid, 2, u16(name, unit, formula))
}

/** Sensors 1 to 8 of a kind, on parameters one behind the other. */
function sensors(first: number, bytes: number, kind: string, signals: (name: string) => ParameterSignal[]): Row[] {
  return Array.from({ length: 8 }, (_each, index) => {
    const name = `oxygen_sensor_${index + 1}`
    return [first + index, bytes, `${name}_${kind}`, signals(name)]
  })
}

/** Temperatures in a row behind a byte that says which of them there are. */
function temperatures(count: number, name: string): ParameterSignal[] {
  return Array.from({ length: count }, (_each, index) =>
    u8(`${name}_${index + 1}`, '°C', { ...celsius, at: index + 1, present: index }),
  )
}

function exhaustTemperatures(bank: number): ParameterSignal[] {
  return Array.from({ length: 4 }, (_each, index) =>
    u16(`exhaust_temperature_bank_${bank}_sensor_${index + 1}`, '°C', {
      ...fineCelsius,
      at: 1 + 2 * index,
      present: index,
    }),
  )
}

/** The parameters of service 01 (SAE J1979, appendix B; ISO 15031-5, annex B). */
const rows: readonly Row[] = [
  [0x01, 4, 'monitor_status', monitorSignals],
  one(0x02, 2, {
    name: 'freeze_frame_dtc',
    unit: '',
    read: ([a, b]) => (b === undefined ? undefined : dtcText(a ?? 0, b)),
  }),
  [0x03, 2, 'fuel_system_status', fuelSystemSignals],
  byte(0x04, 'engine_load', '%', percent),
  byte(0x05, 'coolant_temperature', '°C', celsius),
  byte(0x06, 'short_term_fuel_trim_bank_1', '%', trim),
  byte(0x07, 'long_term_fuel_trim_bank_1', '%', trim),
  byte(0x08, 'short_term_fuel_trim_bank_2', '%', trim),
  byte(0x09, 'long_term_fuel_trim_bank_2', '%', trim),
  byte(0x0a, 'fuel_pressure', 'kPa', { multiplier: 3 }),
  byte(0x0b, 'intake_manifold_pressure', 'kPa'),
  pair(0x0c, 'engine_speed', 'rpm', { divisor: 4 }),
  byte(0x0d, 'vehicle_speed', 'km/h'),
  byte(0x0e, 'timing_advance', '°', { divisor: 2, offset: -64 }),
  byte(0x0f, 'intake_air_temperature', '°C', celsius),
  pair(0x10, 'mass_air_flow', 'g/s', { divisor: 100 }),
  byte(0x11, 'throttle_position', '%', percent),
  one(0x12, 1, word('secondary_air_status', secondaryAir)),
  byte(0x13, 'oxygen_sensors_present', ''),
  ...sensors(0x14, 2, 'narrow', (name) => [
    u8(`${name}_voltage`, 'V', { divisor: 200 }),
    u8(`${name}_fuel_trim`, '%', { ...trim, at: 1 }),
  ]),
  one(0x1c, 1, word('obd_standard', standards)),
  byte(0x1d, 'oxygen_sensors_present_4_banks', ''),
  one(0x1e, 1, bit('power_take_off', 0)),
  pair(0x1f, 'run_time', 's'),
  pair(0x21, 'distance_with_mil', 'km'),
  pair(0x22, 'fuel_rail_pressure_relative', 'kPa', { multiplier: 79, divisor: 1000 }),
  pair(0x23, 'fuel_rail_gauge_pressure', 'kPa', { multiplier: 10 }),
  ...sensors(0x24, 4, 'wide_voltage', (name) => [
    u16(`${name}_lambda`, '', lambda),
    u16(`${name}_wide_voltage`, 'V', { multiplier: 8, divisor: 65_536, at: 2 }),
  ]),
  byte(0x2c, 'commanded_egr', '%', percent),
  byte(0x2d, 'egr_error', '%', trim),
  byte(0x2e, 'commanded_evaporative_purge', '%', percent),
  byte(0x2f, 'fuel_level', '%', percent),
  byte(0x30, 'warm_ups_since_cleared', ''),
  pair(0x31, 'distance_since_cleared', 'km'),
  one(0x32, 2, s16('evaporative_vapor_pressure', 'Pa', { divisor: 4 })),
  byte(0x33, 'barometric_pressure', 'kPa'),
  ...sensors(0x34, 4, 'wide_current', (name) => [
    u16(`${name}_lambda`, '', lambda),
    u16(`${name}_current`, 'mA', { divisor: 256, offset: -128, at: 2 }),
  ]),
  pair(0x3c, 'catalyst_temperature_bank_1_sensor_1', '°C', fineCelsius),
  pair(0x3d, 'catalyst_temperature_bank_2_sensor_1', '°C', fineCelsius),
  pair(0x3e, 'catalyst_temperature_bank_1_sensor_2', '°C', fineCelsius),
  pair(0x3f, 'catalyst_temperature_bank_2_sensor_2', '°C', fineCelsius),
  [0x41, 4, 'monitor_status_this_drive', driveMonitorSignals],
  pair(0x42, 'control_module_voltage', 'V', { divisor: 1000 }),
  pair(0x43, 'absolute_load', '%', percent),
  pair(0x44, 'commanded_lambda', '', lambda),
  byte(0x45, 'relative_throttle_position', '%', percent),
  byte(0x46, 'ambient_temperature', '°C', celsius),
  byte(0x47, 'throttle_position_b', '%', percent),
  byte(0x48, 'throttle_position_c', '%', percent),
  byte(0x49, 'accelerator_pedal_position_d', '%', percent),
  byte(0x4a, 'accelerator_pedal_position_e', '%', percent),
  byte(0x4b, 'accelerator_pedal_position_f', '%', percent),
  byte(0x4c, 'commanded_throttle', '%', percent),
  pair(0x4d, 'time_with_mil', 'min'),
  pair(0x4e, 'time_since_cleared', 'min'),
  [
    0x4f,
    4,
    'maximum_values',
    [
      u8('maximum_lambda', ''),
      u8('maximum_oxygen_sensor_voltage', 'V', { at: 1 }),
      u8('maximum_oxygen_sensor_current', 'mA', { at: 2 }),
      u8('maximum_intake_manifold_pressure', 'kPa', { multiplier: 10, at: 3 }),
    ],
  ],
  one(0x50, 4, u8('maximum_mass_air_flow', 'g/s', { multiplier: 10 })),
  one(0x51, 1, word('fuel_type', fuels)),
  byte(0x52, 'ethanol', '%', percent),
  pair(0x53, 'absolute_evaporative_vapor_pressure', 'kPa', { divisor: 200 }),
  one(0x54, 2, s16('evaporative_vapor_pressure_wide', 'Pa')),
  secondaryTrim(0x55, 'short_term', [1, 3]),
  secondaryTrim(0x56, 'long_term', [1, 3]),
  secondaryTrim(0x57, 'short_term', [2, 4]),
  secondaryTrim(0x58, 'long_term', [2, 4]),
  pair(0x59, 'fuel_rail_pressure_absolute', 'kPa', { multiplier: 10 }),
  byte(0x5a, 'relative_accelerator_pedal_position', '%', percent),
  byte(0x5b, 'hybrid_battery_remaining', '%', percent),
  byte(0x5c, 'oil_temperature', '°C', celsius),
  pair(0x5d, 'fuel_injection_timing', '°', { divisor: 128, offset: -210 }),
  pair(0x5e, 'fuel_rate', 'L/h', { divisor: 20 }),
  byte(0x61, 'demanded_torque', '%', torque),
  byte(0x62, 'actual_torque', '%', torque),
  pair(0x63, 'reference_torque', 'N·m'),
  [0x64, 5, 'torque_points', torquePoints()],
  [
    0x66,
    5,
    'mass_air_flow_sensors',
    [
      u16('mass_air_flow_sensor_a', 'g/s', { divisor: 32, at: 1, present: 0 }),
      u16('mass_air_flow_sensor_b', 'g/s', { divisor: 32, at: 3, present: 1 }),
    ],
  ],
  [0x67, 3, 'coolant_temperatures', temperatures(2, 'coolant_temperature_sensor')],
  [0x68, 7, 'intake_air_temperatures', temperatures(6, 'intake_air_temperature_sensor')],
  [0x78, 9, 'exhaust_temperatures_bank_1', exhaustTemperatures(1)],
  [0x79, 9, 'exhaust_temperatures_bank_2', exhaustTemperatures(2)],
  byte(0x84, 'manifold_surface_temperature', '°C', celsius),
  byte(0x8d, 'throttle_position_g', '%', percent),
  byte(0x8e, 'friction_torque', '%', torque),
  [
    0x9d,
    4,
    'fuel_rates',
    [u16('engine_fuel_rate', 'g/s', { divisor: 50 }), u16('vehicle_fuel_rate', 'g/s', { divisor: 50, at: 2 })],
  ],
  pair(0x9e, 'exhaust_flow_rate', 'kg/h', { divisor: 5 }),
  pair(0xa2, 'cylinder_fuel_rate', 'mg/stroke', { divisor: 32 }),
  one(0xa4, 4, u16('gear_ratio', '', { divisor: 1000, at: 2, present: 1 })),
  one(0xa6, 4, u32('odometer', 'km', { divisor: 10 })),
]

/** Trims of the oxygen sensors behind the catalyst: of two banks each. */
function secondaryTrim(pid: number, term: string, banks: readonly [number, number]): Row {
  const name = `secondary_${term}_fuel_trim`
  const signals = banks.map((bank, at) => u8(`${name}_bank_${bank}`, '%', { ...trim, at }))
  return [pid, 2, `${name}_banks_${banks.join('_')}`, signals]
}

function torquePoints(): ParameterSignal[] {
  return ['idle', 'point_1', 'point_2', 'point_3', 'point_4'].map((name, at) =>
    u8(`torque_${name}`, '%', { ...torque, at }),
  )
}

export const parameters: ReadonlyMap<number, Parameter> = new Map(
  rows.map(([pid, bytes, name, signals]) => [pid, { pid, name, bytes, signals }]),
)

const pidsByName: ReadonlyMap<string, number> = new Map(rows.map(([pid, , name]) => [name, pid]))

/** The parameter with this name, or with this number in hexadecimal, `0C` or `0x0C`, whether the table has it or not. */
export function pidNamed(text: string): number | undefined {
  const named = pidsByName.get(text)
  if (named !== undefined) return named
  return /^(0[xX])?[\da-fA-F]{2}$/.test(text) ? parseInt(text, 16) : undefined
}

const unitsByName: ReadonlyMap<string, string> = new Map(
  rows.flatMap(([, , , signals]) => signals.map(({ name, unit }) => [name, unit])),
)

/** Units of those values of a record that have one. */
export function unitsOf(values: EventRecord): { [name: string]: string } {
  const units: { [name: string]: string } = {}
  for (const name of Object.keys(values)) {
    const unit = unitsByName.get(name) ?? ''
    if (unit !== '') units[name] = unit
  }
  return units
}
