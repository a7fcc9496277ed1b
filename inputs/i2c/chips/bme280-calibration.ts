/** Constants of one chip, in the order of their numbers: `temperature[0]` is dig_T1 (data sheet of the BME280, table 16). */
export interface Calibration {
  readonly temperature: readonly [number, number, number]
  readonly pressure: readonly [number, number, number, number, number, number, number, number, number]
  readonly humidity: readonly [number, number, number, number, number, number]
}

/** Registers 0x88 to 0xA1 and 0xE1 to 0xE7. */
export function bme280Calibration(low: Uint8Array, high: Uint8Array): Calibration {
  const first = Buffer.from(low)
  const second = Buffer.from(high)
  const signed = (index: number): number => first.readInt16LE(index * 2)
  const middle = second.readUInt8(4) // the low bits of dig_H4, and of dig_H5
  return {
    temperature: [first.readUInt16LE(0), signed(1), signed(2)],
    pressure: [
      first.readUInt16LE(6),
      signed(4),
      signed(5),
      signed(6),
      signed(7),
      signed(8),
      signed(9),
      signed(10),
      signed(11),
    ],
    humidity: [
      first.readUInt8(25),
      second.readInt16LE(0),
      second.readUInt8(2),
      second.readInt8(3) * 16 + (middle & 0x0f),
      second.readInt8(5) * 16 + (middle >> 4),
      second.readInt8(6),
    ],
  }
}
