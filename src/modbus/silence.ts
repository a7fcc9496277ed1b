/** Bits of a character on a line that keeps to the specification: start, eight of data, parity or a second stop, stop. */
const characterBits = 11

/** Above 19,200 baud the silence is of fixed length. */
const fastBaud = 19_200
const fastMs = 1.75

/** Least time between two frames of RTU: 3.5 characters (Modbus over Serial Line V1.02, 2.5.1.1), in milliseconds. */
export function silenceMs(baudRate: number): number {
  return baudRate > fastBaud ? fastMs : (3.5 * characterBits * 1000) / baudRate
}
