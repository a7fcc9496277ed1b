import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Value } from '../../../src/event/event.js'
import { dtcText, dtcTexts } from '../../../src/can/obd/dtc.js'
import {
  codesData,
  informationChecks,
  informationTexts,
  isAnswerTo,
  parameterData,
  refusalIn,
} from '../../../src/can/obd/messages.js'
import { readParameter } from '../../../src/can/obd/parameter.js'
import { parameters, pidNamed } from '../../../src/can/obd/parameters.js'
import { supportedIn } from '../../../src/can/obd/supported.js'
import { bytesOf } from '../../support/can-frames.js'

/** What an answer such as `41 0C 1A F8` says. */
function read(answer: string): { [name: string]: Value } {
  const payload = bytesOf(answer)
  const parameter = parameters.get(payload[1] ?? 0)
  assert.ok(parameter)
  assert.equal(parameter.bytes, payload.length - 2, 'bytes of its data')
  const found = {}
  readParameter(parameter, payload.subarray(2), found)
  return found
}

describe('OBD parameters', () => {
  const answers: [answer: string, values: { [name: string]: Value }][] = [
    ['41 04 99', { engine_load: 60 }],
    ['41 05 6E', { coolant_temperature: 70 }],
    ['41 06 80', { short_term_fuel_trim_bank_1: 0 }],
    ['41 07 00', { long_term_fuel_trim_bank_1: -100 }],
    ['41 0A FF', { fuel_pressure: 765 }],
    ['41 0B 64', { intake_manifold_pressure: 100 }],
    ['41 0C 1A F8', { engine_speed: 1726 }],
    ['41 0D 32', { vehicle_speed: 50 }],
    ['41 0E 00', { timing_advance: -64 }],
    ['41 0F 41', { intake_air_temperature: 25 }],
    ['41 10 0A 0A', { mass_air_flow: 25.7 }],
    ['41 11 FF', { throttle_position: 100 }],
    ['41 12 02', { secondary_air_status: 'downstream' }],
    ['41 14 5A 80', { oxygen_sensor_1_voltage: 0.45, oxygen_sensor_1_fuel_trim: 0 }],
    ['41 1C 06', { obd_standard: 'EOBD' }],
    ['41 1C F0', { obd_standard: 240 }],
    ['41 1E 01', { power_take_off: true }],
    ['41 1F 01 00', { run_time: 256 }],
    ['41 22 03 E8', { fuel_rail_pressure_relative: 79 }],
    ['41 23 FF FF', { fuel_rail_gauge_pressure: 655_350 }],
    ['41 24 80 00 40 00', { oxygen_sensor_1_lambda: 1, oxygen_sensor_1_wide_voltage: 2 }],
    ['41 2B 80 00 40 00', { oxygen_sensor_8_lambda: 1, oxygen_sensor_8_wide_voltage: 2 }],
    ['41 32 80 00', { evaporative_vapor_pressure: -8192 }],
    ['41 34 80 00 80 00', { oxygen_sensor_1_lambda: 1, oxygen_sensor_1_current: 0 }],
    ['41 3C 11 62', { catalyst_temperature_bank_1_sensor_1: 405 }],
    ['41 42 31 38', { control_module_voltage: 12.6 }],
    [
      '41 4F 01 02 03 04',
      {
        maximum_lambda: 1,
        maximum_oxygen_sensor_voltage: 2,
        maximum_oxygen_sensor_current: 3,
        maximum_intake_manifold_pressure: 40,
      },
    ],
    ['41 51 04', { fuel_type: 'diesel' }],
    ['41 56 80 00', { secondary_long_term_fuel_trim_bank_1: 0, secondary_long_term_fuel_trim_bank_3: -100 }],
    ['41 5C 7D', { oil_temperature: 85 }],
    ['41 5D 69 00', { fuel_injection_timing: 0 }],
    ['41 5E 00 64', { fuel_rate: 5 }],
    ['41 61 7D', { demanded_torque: 0 }],
    [
      '41 64 7D 7E 7F 80 81',
      {
        torque_idle: 0,
        torque_point_1: 1,
        torque_point_2: 2,
        torque_point_3: 3,
        torque_point_4: 4,
      },
    ],
    ['41 66 01 04 00 FF FF', { mass_air_flow_sensor_a: 32 }],
    ['41 67 02 FF 6E', { coolant_temperature_sensor_2: 70 }],
    ['41 78 01 1F 40 00 00 00 00 00 00', { exhaust_temperature_bank_1_sensor_1: 760 }],
    ['41 A4 02 00 03 E8', { gear_ratio: 1 }],
    ['41 A6 00 01 86 A0', { odometer: 10_000 }],
    ['41 02 01 43', { freeze_frame_dtc: 'P0143' }],
    ['41 03 02 00', { fuel_system_1: 'closed_loop', fuel_system_2: 'off' }],
  ]
  for (const [answer, values] of answers) {
    it(`reads ${answer}`, () => assert.deepEqual(read(answer), values))
  }

  it('reads the lamp, the number of codes, and the tests that are not complete', () => {
    assert.deepEqual(read('41 01 81 07 65 04'), {
      mil: true,
      dtc_count: 1,
      incomplete_monitors: ['evaporative_system'],
    })
    assert.deepEqual(read('41 01 00 7F EB 0A'), {
      mil: false,
      dtc_count: 0,
      incomplete_monitors: ['misfire', 'fuel_system', 'components', 'nox_aftertreatment', 'boost_pressure'],
    })
    assert.deepEqual(read('41 41 00 00 FF 00'), { incomplete_monitors_this_drive: [] })
  })

  it('leaves out what an answer is too short for', () => {
    for (const parameter of parameters.values()) {
      for (let length = 0; length < parameter.bytes; length++) {
        const found: { [name: string]: Value } = {}
        readParameter(parameter, new Uint8Array(length).fill(255), found)
        for (const value of Object.values(found)) assert.ok(!Number.isNaN(value), parameter.name)
      }
    }
  })

  it('have names that are theirs alone, and none that is a number', () => {
    const names = [...parameters.values()].map(({ name }) => name)
    assert.equal(new Set(names).size, names.length)
    for (const { name, pid } of parameters.values()) assert.equal(pidNamed(name), pid)
    assert.deepEqual(['0C', '0x0c', 'A6', 'rpm', '0x100'].map(pidNamed), [12, 12, 166, undefined, undefined])
  })

  it('are known to be there by bits', () => {
    const found = supportedIn(0, bytesOf('BE 1F A8 13'))
    assert.deepEqual(found, [1, 3, 4, 5, 6, 7, 12, 13, 14, 15, 16, 17, 19, 21, 28, 31, 32])
    assert.deepEqual(supportedIn(0x20, bytesOf('80 00 00 01')), [0x21, 0x40])
    assert.deepEqual(supportedIn(0, bytesOf('80')), [1])
  })
})

describe('OBD trouble codes', () => {
  it('are written as they are spoken', () => {
    assert.deepEqual(
      [dtcText(0x01, 0x43), dtcText(0x41, 0x96), dtcText(0x82, 0x34), dtcText(0xd0, 0x17)],
      ['P0143', 'C0196', 'B0234', 'U1017'],
    )
    assert.equal(dtcText(0x3f, 0xff), 'P3FFF')
  })

  it('stand in answers of CAN behind their number, in those of older protocols three at a time', () => {
    assert.deepEqual(dtcTexts(codesData(bytesOf('43 02 01 43 01 96'))), ['P0143', 'P0196'])
    assert.deepEqual(dtcTexts(codesData(bytesOf('43 00'))), [])
    assert.deepEqual(dtcTexts(codesData(bytesOf('43 01 43 00 00 00 00'))), ['P0143'])
    assert.deepEqual(dtcTexts(codesData(bytesOf('43'))), [])
    assert.deepEqual(dtcTexts(codesData(bytesOf('43 01 01 43 AA AA'))), ['P0143'])
  })
})

describe('OBD messages', () => {
  it('answer the request that they repeat', () => {
    const cases = [
      ['01 0C', '41 0C 1A F8', true],
      ['01 0C', '41 0D 32', false],
      ['01 0C', '42 0C 00', false],
      ['03', '43 00', true],
      ['01 0C', '7F 01 12', true],
      ['01 0C', '7F 09 12', false],
      ['01 0C', '', false],
    ] as const
    for (const [request, answer, is] of cases) assert.equal(isAnswerTo(bytesOf(request), bytesOf(answer)), is)
    assert.deepEqual([refusalIn(bytesOf('7F 01 12')), refusalIn(bytesOf('41 0C'))], [0x12, undefined])
  })

  it('have their data behind the parameter, and behind the frame of a freeze frame', () => {
    assert.deepEqual(parameterData(bytesOf('41 0D 32')), bytesOf('32'))
    assert.deepEqual(parameterData(bytesOf('42 0D 00 32')), bytesOf('32'))
  })

  it('tell the number of the vehicle, and names and checks of what runs in it', () => {
    const vin = bytesOf('49 02 01 31 44 34 47 50 30 30 52 35 35 42 31 32 33 34 35 36')
    assert.deepEqual(informationTexts(vin, 17), ['1D4GP00R55B123456'])
    const two = bytesOf(`49 04 02 ${'41'.repeat(15)} 00 ${'42'.repeat(16)}`)
    assert.deepEqual(informationTexts(two, 16), ['A'.repeat(15), 'B'.repeat(16)])
    assert.deepEqual(informationTexts(bytesOf('49 02 01'), 17), [])
    assert.deepEqual(informationChecks(bytesOf('49 06 02 12 34 56 78 9A BC DE F0 11')), ['12345678', '9ABCDEF0'])
  })
})
