/** What decoders met, since they were compiled. */
export interface DecodeCounts {
  /** Frames decoded. */
  decoded: number
  /** Frames whose selecting signal has a value for which the file has no signals. */
  unknownSelectors: number
  /** Frames that were too short for a signal. */
  shortFrames: number
  /** Signals that said that there is no value, or an error (J1939). */
  notAvailable: number
  errors: number
  /** Frames whose counter did not follow that of the frame before. */
  counterJumps: number
  wrongChecksums: number
}

export function emptyCounts(): DecodeCounts {
  return {
    decoded: 0,
    unknownSelectors: 0,
    shortFrames: 0,
    notAvailable: 0,
    errors: 0,
    counterJumps: 0,
    wrongChecksums: 0,
  }
}
