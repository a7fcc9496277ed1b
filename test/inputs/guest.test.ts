import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { guestSkip, runGuest } from '../../support/qemu/guest.js'

describe('I2C of Debian’s kernel, under emulation', { skip: guestSkip() }, () => {
  let printed = ''

  before(async () => {
    const { output } = await runGuest({
      modules: ['drivers/i2c/i2c-dev.ko', 'drivers/i2c/i2c-stub.ko'],
      packages: [
        'koffi',
        '@koromix/koffi-linux-x64',
        'ajv',
        'fast-deep-equal',
        'json-schema-traverse',
        'fast-uri',
        'require-from-string',
      ],
      timeoutMs: 240_000,
      script: 'insmod /modules/i2c-stub.ko chip_addr=0x76,0x40,0x48\nnode dist/test/support/i2c/guest-main.js',
    })
    printed = output
  })

  function told(name: string): unknown {
    const text = new RegExp(`^@${name} (.*)$`, 'm').exec(printed)?.[1]
    assert.ok(text, `the guest told nothing of "${name}":\n${printed}`)
    return JSON.parse(text)
  }

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
