import type { Calibration } from './bme280-calibration.js'

/* The formulas of the data sheet of the BME280 (4.2.3 and appendix 8.1), in floating point. */

/** Degrees Celsius, and the finer temperature that the other formulas want. */
export function temperatureOf(
  raw: number,
  { temperature: [t1, t2, t3] }: Calibration,
): { celsius: number; fine: number } {
  const linear = (raw / 16_384 - t1 / 1024) * t2
  const square = (raw / 131_072 - t1 / 8192) ** 2 * t3
  const fine = linear + square
  return { celsius: fine / 5120, fine }
}

/** Pascals; 0 of a chip without constants. */
export function pressureOf(raw: number, fine: number, { pressure }: Calibration): number {
  const [p1, p2, p3, p4, p5, p6, p7, p8, p9] = pressure
  const warmth = fine / 2 - 64_000
  const offset = ((warmth * warmth * p6) / 32_768 + warmth * p5 * 2) / 4 + p4 * 65_536
  const slope = (1 + ((p3 * warmth * warmth) / 524_288 + p2 * warmth) / 524_288 / 32_768) * p1
  if (slope === 0) return 0
  const rough = ((1_048_576 - raw - offset / 4096) * 6250) / slope
  return rough + ((p9 * rough * rough) / 2_147_483_648 + (rough * p8) / 32_768 + p7) / 16
}

/** Percent of relative humidity. */
export function humidityOf(raw: number, fine: number, { humidity: [h1, h2, h3, h4, h5, h6] }: Calibration): number {
  const warmth = fine - 76_800
  const level = raw - (h4 * 64 + (h5 / 16_384) * warmth)
  const slope = (h2 / 65_536) * (1 + (h6 / 67_108_864) * warmth * (1 + (h3 / 67_108_864) * warmth))
  const rough = level * slope
  return Math.min(100, Math.max(0, rough * (1 - (h1 * rough) / 524_288)))
}
