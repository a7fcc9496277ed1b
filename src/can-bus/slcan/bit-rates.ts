import { AgentError } from '../../plugin/errors.js'

/** Bit rates that adapters know by a digit: command `S` (LAWICEL CANUSB manual 1.0). */
const rates: readonly number[] = [10_000, 20_000, 50_000, 100_000, 125_000, 250_000, 500_000, 800_000, 1_000_000]

/** Bit rates of the data of CAN FD by their digit: command `Y` (CANable 2.0 firmware). */
const dataRates: ReadonlyMap<number, number> = new Map([
  [1_000_000, 1],
  [2_000_000, 2],
  [4_000_000, 4],
  [5_000_000, 5],
])

/** Throws `CAN_BUS_BIT_RATE` for bit rates that no adapter knows: before one is there. */
export function checkBitRates(rate: number, dataRate?: number): void {
  bitRateCommand(rate)
  if (dataRate !== undefined) dataRateCommand(dataRate)
}

/** `S6` for 500 kbit/s. Throws `CAN_BUS_BIT_RATE` for one that no adapter knows. */
export function bitRateCommand(rate: number): string {
  const digit = rates.indexOf(rate)
  if (digit < 0) throw unknown(rate, rates)
  return `S${digit}`
}

export function dataRateCommand(rate: number): string {
  const digit = dataRates.get(rate)
  if (digit === undefined) throw unknown(rate, [...dataRates.keys()])
  return `Y${digit}`
}

function unknown(rate: number, known: readonly number[]): AgentError {
  return new AgentError('CAN_BUS_BIT_RATE', `slcan: expected a bit rate of ${known.join(', ')}, got ${rate}`)
}
