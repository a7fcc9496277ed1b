import type { Plan } from '../plan.js'

/** Shunt and bus voltage all the time, up to 32 V, twelve bits (data sheet of the INA219, 8.6.2.1): as it is after its start. */
const config = Uint8Array.of(0x00, 0x39, 0x9f)
const shuntBitsPerVolt = 100_000
const busBitsPerVolt = 250

/** Current and power are worked out here from the shunt, so that its calibration register is not needed. */
export function ina219(shuntOhms: number): Plan {
  return {
    init: [config],
    settleMs: 2,
    once: [],
    readings: [
      { at: 0x01, length: 2 },
      { at: 0x02, length: 2 },
    ],
    decoder:
      () =>
      ([shunt = new Uint8Array(2), bus = new Uint8Array(2)]) => {
        const current = Buffer.from(shunt).readInt16BE(0) / (shuntBitsPerVolt * shuntOhms)
        const voltage = (Buffer.from(bus).readUInt16BE(0) >> 3) / busBitsPerVolt
        return { voltage, current, power: voltage * current }
      },
  }
}
