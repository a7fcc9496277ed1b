import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { i2cInput } from '../../../inputs/i2c/i2c-input.js'
import type { I2cDevice } from '../../../inputs/i2c/bus.js'
import i2c from '../../../inputs/i2c/index.js'
import { planOf } from '../../../inputs/i2c/plan-of.js'
import { FakeClock } from '../../support/fake-clock.js'
import { bme280Registers, humidity } from '../../support/i2c/bme280-registers.js'
import { RecordingInputContext } from '../../support/input-context.js'
import { optionsOf } from '../../support/options.js'
import { running } from '../../support/running.js'

type Answer = (register: number | undefined, length: number, written: readonly string[]) => Uint8Array

async function start(t: TestContext, raw: object, answer: Answer) {
  const clock = new FakeClock()
  const context = new RecordingInputContext(clock)
  const written: string[] = []
  let opened = 0
  const device: I2cDevice = {
    write: (bytes) => void written.push(Buffer.from(bytes).toString('hex')),
    read: (register, length) => answer(register, length, written),
    close: () => {},
  }
  const options = optionsOf(i2c, { address: 0x44, ...raw })
  const open = (): Promise<I2cDevice> => {
    opened++
    return Promise.resolve(device)
  }
  await running(t, i2cInput({ ...options, plan: planOf(options), open }, context))
  await clock.advance(100)
  return { clock, context, written, opened: () => opened }
}

const bme280: Answer = (register = 0, length) =>
  Uint8Array.from({ length }, (_none, at) => bme280Registers.get(register + at) ?? 0)

test('the formulas of the BME280 give what its data sheet works out, and what its formula in whole numbers does', async (t) => {
  const { context } = await start(t, { chip: 'bme280' }, bme280)
  const { temperature, pressure, humidity: relative } = context.records[0] as { [name: string]: number }
  assert.equal(temperature?.toFixed(2), '25.08')
  assert.equal(pressure?.toFixed(2), '1006.53')
  assert.ok(Math.abs((relative ?? 0) - wholeHumidity(128_422)) < 0.05, `${relative} and ${wholeHumidity(128_422)}`)
})

/** The 32 bit formula of the data sheet of the BME280 (4.2.3), in percent. */
function wholeHumidity(fine: number): number {
  const { h1, h2, h3, h4, h5, h6, raw } = humidity
  const v = BigInt(fine) - 76_800n
  const [b1, b2, b3, b4, b5, b6, bRaw] = [h1, h2, h3, h4, h5, h6, raw].map(BigInt) as [
    bigint,
    bigint,
    bigint,
    bigint,
    bigint,
    bigint,
    bigint,
  ]
  const level = ((bRaw << 14n) - (b4 << 20n) - b5 * v + 16_384n) >> 15n
  const slope = (((((v * b6) >> 10n) * (((v * b3) >> 11n) + 32_768n)) >> 10n) + 2_097_152n) * b2 + 8192n
  const rough = level * (slope >> 14n)
  return Number((rough - (((((rough >> 15n) * (rough >> 15n)) >> 7n) * b1) >> 4n)) >> 12n) / 1024
}

test('an SHT3x is asked for a measurement, waited for and checked', async (t) => {
  // 0xBEEF has the checksum 0x92 (data sheet of the SHT3x-DIS, 4.12)
  const { clock, context, written } = await start(t, { chip: 'sht3x' }, () => Buffer.from('beef92beef92', 'hex'))
  assert.deepEqual(written, ['2400'])
  const { temperature, humidity: relative } = context.records[0] as { [name: string]: number }
  assert.equal(temperature?.toFixed(3), '85.523')
  assert.equal(relative?.toFixed(3), '74.585')
  await clock.advance(1000)
  assert.equal(context.records.length, 2)
})

test('a wrong checksum is told once and counted, and the device is started anew', async (t) => {
  const { clock, context, opened } = await start(t, { chip: 'sht3x' }, () => Buffer.from('beef93beef92', 'hex'))
  await clock.advance(2000)
  assert.deepEqual(context.records, [])
  assert.deepEqual(context.counted, { failed_readings: 3 })
  assert.equal(opened(), 3)
  assert.equal(context.log.lines.length, 1)
  assert.match(context.log.lines[0]?.message ?? '', /expected a right checksum of each two bytes, got beef93beef92/)
})

test('an ADS1115 converts its inputs one after the other', async (t) => {
  const volts = ['2000', '4000', 'e000', '7fff']
  const { context, written } = await start(t, { chip: 'ads1115' }, (_register, _length, sent) =>
    Buffer.from(volts[sent.length - 1] ?? '', 'hex'),
  )
  assert.deepEqual(written, ['01c383', '01d383', '01e383', '01f383'])
  assert.deepEqual(context.records[0], { ain0: 1.024, ain1: 2.048, ain2: -1.024, ain3: 4.095_875 })
})

test('a declaration that makes no sense is told before anything runs', () => {
  const create = (raw: object) => i2c.create(optionsOf(i2c, { address: 0x44, ...raw }), new RecordingInputContext())
  assert.throws(() => create({}), { code: 'I2C_NO_REGISTERS', message: /expected some, or a chip, got neither/ })
})
