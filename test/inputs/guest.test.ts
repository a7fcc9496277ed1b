import assert from 'node:assert/strict'
import { join } from 'node:path'
import { before, describe, test } from 'node:test'
import { guestSkip, runGuest } from '../support/qemu/guest.js'
import { root } from '../support/source-tree.js'

const iioModules = [
  'drivers/iio/industrialio.ko',
  'drivers/iio/buffer/kfifo_buf.ko',
  'drivers/iio/buffer/industrialio-triggered-buffer.ko',
  'drivers/iio/light/acpi-als.ko',
]

describe('buses and lines of Debian’s kernel, under emulation', { skip: guestSkip() }, () => {
  let printed = ''

  before(async () => {
    const { output } = await runGuest({
      modules: ['drivers/i2c/i2c-dev.ko', 'drivers/i2c/i2c-stub.ko', ...iioModules],
      packages: [
        'koffi',
        '@koromix/koffi-linux-x64',
        'ajv',
        'fast-deep-equal',
        'json-schema-traverse',
        'fast-uri',
        'require-from-string',
      ],
      hardware: ['-acpitable', `file=${join(root, 'test/support/qemu/bench.aml')}`, '-device', 'pc-testdev'],
      kernelWords: 'iomem=relaxed',
      timeoutMs: 240_000,
      script: [
        'insmod /modules/i2c-stub.ko chip_addr=0x76,0x40,0x48',
        `node --input-type=module -e "await import('./dist/test/support/i2c/guest-main.js')
          await import('./dist/test/support/gpio/guest-main.js')
          await import('./dist/test/support/iio/guest-main.js')"`,
      ].join('\n'),
    })
    printed = output
  })

  function told(name: string): unknown {
    const text = new RegExp(`^@${name} (.*)$`, 'm').exec(printed)?.[1]
    assert.ok(text, `the guest told nothing of "${name}":\n${printed}`)
    return JSON.parse(text)
  }

  describe('i2c', () => {
    test('a BME280 is set up, and its values are compensated as in the worked example of its data sheet', () => {
      const { temperature = 0, pressure = 0 } = told('bme280') as { temperature?: number; pressure?: number }
      assert.equal(temperature.toFixed(2), '25.08')
      assert.equal(pressure.toFixed(2), '1006.53')
      assert.deepEqual(told('written'), [0x27, 0x01])
    })

    test('an INA219 tells its voltage, and the current through its shunt', () => {
      const { power, ...measured } = told('ina219') as { power: number }
      assert.deepEqual(measured, { voltage: 12, current: 0.1 })
      assert.equal(power.toFixed(3), '1.200')
    })

    test('registers are read as a file declares them, in blocks of 32 bytes', () => {
      assert.deepEqual(told('registers'), { first: 2, last: 40 })
      assert.deepEqual(told('begun'), [0x63])
    })

    test('a device that is not there is told of', () => {
      assert.match(String(told('absent')), /^no reading: ioctl: .*\(ENODEV|ENXIO|EREMOTEIO\); trying on$/)
    })
  })

  describe('gpio', () => {
    const flow = { line: 'flow', chip: 'AMDI0030:00', offset: 0 }

    test('edges are events in their order, with the level behind them and the time of the kernel', () => {
      assert.deepEqual(told('edges'), [
        { ...flow, edge: 'rising', level: 1, sequence: 1 },
        { ...flow, edge: 'falling', level: 0, sequence: 2 },
        { ...flow, edge: 'rising', level: 1, sequence: 3 },
        { line: 'door', chip: 'AMDI0030:00', offset: 1, edge: 'falling', level: 0, sequence: 1 },
      ])
      assert.equal(told('in_order'), true)
    })

    test('edges that the kernel had no room for are counted, and no others are missing', () => {
      assert.deepEqual(told('flood'), { taken: 1024, last: 1100, overrun: 76 })
    })

    test('a record each interval tells of the level, how many edges came, and how fast', () => {
      const { frequency, ...rates } = told('rates') as { frequency: number }
      assert.deepEqual(rates, { ...flow, level: 1, edges: 20, total: 20 })
      assert.ok(frequency > 1 && frequency < 200, `20 pulses of 5 ms and more were ${frequency} Hz`)
    })

    test('lines are found by name, by number, and by the path of their chip', () => {
      assert.deepEqual(told('levels'), [
        { line: 'heater', chip: 'AMDI0030:00', offset: 3, level: 1 },
        { line: 'spare', chip: 'AMDI0030:00', offset: 2, level: 1 },
        { ...flow, level: 1 },
      ])
    })

    test('a line that is not there, or that somebody has, is told of', () => {
      assert.match(String(told('absent_line')), /line "pump": expected it on some chip of \/dev, got none; gpioinfo/)
      assert.match(String(told('beyond')), /line "999": expected it on the chip "AMDI0030:00", got none/)
      assert.match(String(told('busy')), /line "door": expected it to be free, got one that "sluice" has/)
    })

    test('a chip that goes ends the run, and the next one finds it when it is back', () => {
      assert.match(String(told('gone')), /line "door" of "AMDI0030:00": .* \(ENODEV\)"; its chip may be gone/)
      assert.match(String(told('missing')), /line "door": expected it on some chip of \/dev, got none/)
      assert.equal((told('back') as { line: string }).line, 'door')
    })
  })
  describe('iio', () => {
    test('every value that a light sensor puts into its buffer is an event, with the time of the kernel', () => {
      const head = { kind: 'iio', name: 'acpi-als', device: 'ACPI0008:00', units: { illuminance: 'lx' } }
      assert.deepEqual(
        told('light'),
        [777, 1, 123_456].map((illuminance) => ({ ...head, values: { illuminance } })),
      )
      assert.equal(told('light_times'), true)
    })

    test('the buffer is off when the input has ended', () => {
      assert.equal(told('light_off'), '0')
    })
  })
})
