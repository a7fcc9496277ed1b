import { checksumOf } from 'sluice/framing'
import { AgentError } from 'sluice/plugin'
import type { Plan } from '../plan.js'

/** The CRC-8 of each word (data sheet of the SHT3x-DIS, 4.12). */
const crc = checksumOf('CRC-8/NRSC-5').sum

/** One measurement of high repeatability at a time, without clock stretching: 15 ms at most (data sheet of the SHT3x-DIS, 2.2, 4.3). */
export const sht3x: Plan = {
  init: [],
  settleMs: 0,
  once: [],
  readings: [{ write: Uint8Array.of(0x24, 0x00), delayMs: 16, length: 6 }],
  decoder:
    () =>
    ([answer = new Uint8Array(6)]) => ({
      temperature: -45 + (175 * wordOf(answer, 0)) / 65_535,
      humidity: (100 * wordOf(answer, 3)) / 65_535,
    }),
}

function wordOf(bytes: Uint8Array, at: number): number {
  if (crc(bytes, at, at + 2) === bytes[at + 2]) return Buffer.from(bytes).readUInt16BE(at)
  const got = Buffer.from(bytes).toString('hex')
  throw new AgentError('I2C_BAD_CHECKSUM', `expected a right checksum of each two bytes, got ${got}`)
}
