/** Parameters 00, 20, 40 … E0 of services 01, 02, 06, 08 and 09 say which of the 32 behind them there are (SAE J1979, 6.1.2.2). */
export const supportedStep = 0x20

/** Numbers of what an answer of four bytes says there is, behind the number that was asked for. */
export function supportedIn(asked: number, bits: Uint8Array): number[] {
  const found: number[] = []
  for (let index = 0; index < 32 && index >> 3 < bits.length; index++) {
    const isThere = ((bits[index >> 3] ?? 0) & (0x80 >> (index & 7))) !== 0
    if (isThere) found.push(asked + index + 1)
  }
  return found
}
