import type { CanFrame } from '../frame.js'

/** The group in which a device claims its address, or says that it has none (J1939-81, 4.2.2). */
export const addressClaimedPgn = 60_928

/** Who a device is: the 64 bits that stand in its address claim, least significant byte first (J1939-81, 4.1). */
export interface Name {
  readonly identityNumber: number
  readonly manufacturerCode: number
  readonly ecuInstance: number
  readonly functionInstance: number
  readonly function: number
  readonly vehicleSystem: number
  readonly vehicleSystemInstance: number
  readonly industryGroup: number
  /** It may take another address where it loses its own. */
  readonly arbitraryAddress: boolean
  /** All 64 bits, as 16 hexadecimal digits: it tells devices apart, and the lower one wins an address. */
  readonly text: string
}

/** The name in an address claim; undefined where it has fewer than eight bytes. */
export function readName({ data, length }: Pick<CanFrame, 'data' | 'length'>): Name | undefined {
  if (length < 8) return undefined
  const view = new DataView(data.buffer, data.byteOffset, 8)
  const low = view.getUint32(0, true)
  const high = view.getUint32(4, true)
  return {
    identityNumber: low & 0x1f_ffff,
    manufacturerCode: low >>> 21,
    ecuInstance: high & 7,
    functionInstance: (high >>> 3) & 31,
    function: (high >>> 8) & 0xff,
    vehicleSystem: (high >>> 17) & 0x7f,
    vehicleSystemInstance: (high >>> 24) & 15,
    industryGroup: (high >>> 28) & 7,
    arbitraryAddress: high >>> 31 === 1,
    text: hex(high) + hex(low),
  }
}

function hex(word: number): string {
  return word.toString(16).padStart(8, '0').toUpperCase()
}
