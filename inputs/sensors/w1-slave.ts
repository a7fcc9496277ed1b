import { checksumOf } from 'sluice/framing'
import { AgentError } from 'sluice/plugin'

const crc = checksumOf('CRC-8/MAXIM-DOW').sum

/** Bytes of the scratchpad of a thermometer; a ninth is their checksum (data sheet of the DS18B20, "Memory"). */
const memorySize = 8

/**
 * The temperature in thousandths of a degree, out of two lines of `w1_slave` (the kernel's Documentation/w1/slaves/w1_therm.rst):
 *
 *     50 05 4b 46 7f ff 0c 10 1c : crc=1c YES
 *     50 05 4b 46 7f ff 0c 10 1c t=85000
 *
 * The checksum is computed here too: a bus that is held down reads as zeros, whose checksum is 0. Throws an AgentError
 * `SENSORS_BAD_VALUE`.
 */
export function w1Temperature(text: string): number {
  const bytes = memoryOf(text)
  if (bytes.length !== memorySize + 1) throw bad('nine bytes of memory', text)
  if (!text.includes(' YES') || crc(bytes, 0, memorySize) !== bytes[memorySize]) throw bad('a right checksum', text)
  if (bytes.every((byte) => byte === 0)) throw bad('memory that is not all zeros, as of a bus that is held down', text)
  const temperature = /t=(-?\d+)/.exec(text)?.[1]
  if (temperature === undefined) throw bad('a temperature behind "t="', text)
  return Number(temperature)
}

function memoryOf(text: string): Uint8Array {
  const [first = ''] = text.split(':', 1)
  return Uint8Array.from(first.match(/\b[0-9a-f]{2}\b/g) ?? [], (digits) => Number.parseInt(digits, 16))
}

function bad(expected: string, text: string): AgentError {
  return new AgentError('SENSORS_BAD_VALUE', `expected ${expected}, got "${text.trim().slice(0, 80)}"`)
}
