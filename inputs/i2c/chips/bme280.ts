import { AgentError, type EventRecord } from 'sluice/plugin'
import type { Plan } from '../plan.js'
import { bme280Calibration } from './bme280-calibration.js'
import { humidityOf, pressureOf, temperatureOf } from './bme280-compensation.js'

/** What the chip holds before it has measured (data sheet of the BME280, 5.4.7 and 5.4.8). */
const notMeasured = 0x80000

/** Temperature, pressure and humidity, each measured eight times a second without oversampling (data sheet of the BME280, 5.4). */
export const bme280: Plan = {
  init: [Uint8Array.of(0xf2, 0x01), Uint8Array.of(0xf5, 0x40), Uint8Array.of(0xf4, 0x27)],
  settleMs: 20,
  once: [
    { at: 0x88, length: 26 },
    { at: 0xe1, length: 7 },
  ],
  readings: [{ at: 0xf7, length: 8 }],
  decoder([low = new Uint8Array(26), high = new Uint8Array(7)]) {
    const calibration = bme280Calibration(low, high)
    return ([answer = new Uint8Array(8)]): EventRecord => {
      const bytes = Buffer.from(answer)
      const raw = bytes.readUIntBE(3, 3) >> 4
      if (raw === notMeasured)
        throw new AgentError('I2C_NO_VALUE', 'expected a measurement, got what the chip has after its start')
      const { celsius, fine } = temperatureOf(raw, calibration)
      return {
        temperature: celsius,
        pressure: pressureOf(bytes.readUIntBE(0, 3) >> 4, fine, calibration) / 100,
        humidity: humidityOf(bytes.readUInt16BE(6), fine, calibration),
      }
    }
  },
}
