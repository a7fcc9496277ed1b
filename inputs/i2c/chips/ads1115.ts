import type { Plan } from '../plan.js'

/** One conversion against ground, ±4.096 V, 128 a second, no comparator (data sheet of the ADS1115, table 8-3). */
const config = 0xc383
const inputs = [0, 1, 2, 3]
const fullScaleVolts = 4.096

/** The four inputs one after the other, 8 ms each. */
export const ads1115: Plan = {
  init: [],
  settleMs: 0,
  once: [],
  readings: inputs.map((input) => {
    const word = config | (input << 12)
    return { write: Uint8Array.of(0x01, word >> 8, word & 0xff), delayMs: 9, at: 0x00, length: 2 }
  }),
  decoder: () => (answers) =>
    Object.fromEntries(
      answers.map((bytes, input) => [`ain${input}`, (Buffer.from(bytes).readInt16BE(0) * fullScaleVolts) / 32_768]),
    ),
}
