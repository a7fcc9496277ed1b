/** What the two highest bits of a code stand for: powertrain, chassis, body, network (SAE J2012, 6.1). */
const systems = 'PCBU'

/** A trouble code of two bytes as it is written: `01 43` is `P0143` (SAE J2012, 6; J1979, 6.3.2.3). */
export function dtcText(high: number, low: number): string {
  const digits = ((((high & 0x3f) << 8) | low) >>> 0).toString(16).toUpperCase().padStart(4, '0')
  return `${systems[(high >> 6) & 3] ?? 'P'}${digits}`
}

/** Codes of two bytes each one behind the other; two zero bytes are filler. */
export function dtcTexts(data: Uint8Array): string[] {
  const texts: string[] = []
  for (let at = 0; at + 2 <= data.length; at += 2) {
    const high = data[at] ?? 0
    const low = data[at + 1] ?? 0
    if (high !== 0 || low !== 0) texts.push(dtcText(high, low))
  }
  return texts
}
