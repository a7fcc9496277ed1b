/** Constants T1 to T3 and P1 to P9 of the worked example in the data sheet of the BMP280 (3.12), whose formulas the BME280 shares. */
const words = [27_504, 26_435, -1000, 36_477, -10_685, 3024, 2855, 140, -7, 15_500, -14_600, 6000]

/** Raw values of that example: 25.08 °C and 100653 Pa. */
const temperature = 519_888
const pressure = 415_148

/** Constants of humidity as a chip has them: H1 75, H2 363, H3 0, H4 313, H5 50, H6 30; and a raw value. */
export const humidity = { h1: 75, h2: 363, h3: 0, h4: 313, h5: 50, h6: 30, raw: 30_000 }

/** What the registers of a chip hold. */
export const bme280Registers: ReadonlyMap<number, number> = new Map([
  ...words.flatMap((word, index) => [byte(0x88 + 2 * index, word), byte(0x89 + 2 * index, word >> 8)]),
  byte(0xa1, humidity.h1),
  byte(0xe1, humidity.h2),
  byte(0xe2, humidity.h2 >> 8),
  byte(0xe3, humidity.h3),
  byte(0xe4, humidity.h4 >> 4),
  byte(0xe5, (humidity.h4 & 0x0f) | ((humidity.h5 & 0x0f) << 4)),
  byte(0xe6, humidity.h5 >> 4),
  byte(0xe7, humidity.h6),
  ...[16, 8, 0].map((shift, index) => byte(0xf7 + index, (pressure << 4) >> shift)),
  ...[16, 8, 0].map((shift, index) => byte(0xfa + index, (temperature << 4) >> shift)),
  byte(0xfd, humidity.raw >> 8),
  byte(0xfe, humidity.raw),
])

function byte(at: number, value: number): [at: number, byte: number] {
  return [at, value & 0xff]
}
