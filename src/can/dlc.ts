/** Bytes that each data length code stands for in CAN FD (ISO 11898-1:2015, table 5); in classic CAN 9 to 15 are 8 bytes. */
const lengths: readonly number[] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 12, 16, 20, 24, 32, 48, 64]

/** Bytes of a frame of CAN FD with this data length code, 0 to 15. */
export function lengthOf(dlc: number): number {
  return lengths[dlc] ?? 0
}

/** The smallest data length code of CAN FD with room for so many bytes. */
export function dlcOf(length: number): number {
  if (length <= 8) return length
  let dlc = 9
  while (dlc < 15 && lengthOf(dlc) < length) dlc++
  return dlc
}
