import { layoutOptions } from 'sluice/layout'
import { loadLibc } from 'sluice/libc'
import { choice, defineInput, duration, integer, list, listOf, number, scheduled, text } from 'sluice/plugin'
import { i2cInput } from './i2c-input.js'
import { openDevice } from './open-device.js'
import { planOf } from './plan-of.js'

const registerOptions = {
  at: integer('The register; without one what the device has to say is read.', { minimum: 0, maximum: 255 }),
  length: integer('Bytes to read.', { required: true, minimum: 1, maximum: 256 }),
  write: text('Bytes to write before, such as `"0x2400"`, in quotes.', { filled: true }),
  delay: duration('Pause between writing and reading.', { default: '0s' }),
  fields: layoutOptions.fields,
} as const

export default defineInput({
  summary: 'Reads devices on an I2C bus: common chips as they are, others by declared registers.',
  options: {
    ...scheduled,
    path: text('The bus.', { default: '/dev/i2c-1', filled: true }),
    address: integer('Address of the device, 7 bits: `0x76`.', { required: true, minimum: 3, maximum: 119 }),
    protocol: choice('What the bus can do: plain I2C, or SMBus only.', ['i2c', 'smbus'], { default: 'i2c' }),
    chip: choice(
      'What it is: `bme280`, `sht3x`, `ads1115`, `ina219`, or `registers`.',
      ['registers', 'bme280', 'sht3x', 'ads1115', 'ina219'],
      {
        default: 'registers',
      },
    ),
    shunt_ohms: number('`ina219`: the resistor that the current flows through.', { default: 0.1, minimum: 1e-6 }),
    init: list('`registers`: bytes to write at the start, such as `"0x00399f"`, in quotes.', { default: [] }),
    registers: listOf('`registers`: what is read, and what it means.', registerOptions),
  },
  full: 'drop_oldest',
  create(options, context) {
    const open = async () => openDevice(await loadLibc(), options)
    return i2cInput({ ...options, plan: planOf(options), open }, context)
  },
})
