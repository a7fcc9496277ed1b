/**
 * How the frames of one conversation are known, in one direction. With `prefix` the first byte of each frame is an address too, and
 * the protocol begins at the second.
 */
export interface IsoTpEnd {
  readonly id: number
  /** The identifier has 29 bits. */
  readonly extended: boolean
  readonly prefix: number | undefined
}

/** Both directions, as one of the two sides sees them. */
export interface IsoTpAddress {
  readonly transmit: IsoTpEnd
  readonly receive: IsoTpEnd
}

export interface IdPair {
  readonly transmitId: number
  readonly receiveId: number
  /** Both have 29 bits. */
  readonly extended: boolean
}

/** Addresses of this side and of the other, of a byte each. */
export interface AddressPair {
  readonly source: number
  readonly target: number
}

/** Normal addressing: the identifier says it all (ISO 15765-2:2016, 10.3.2). */
export function normalAddress({ transmitId, receiveId, extended }: IdPair): IsoTpAddress {
  return {
    transmit: { id: transmitId, extended, prefix: undefined },
    receive: { id: receiveId, extended, prefix: undefined },
  }
}

/** PDU formats of J1939 that ISO 15765-2 has for itself, with priority 6 (10.3.3 and 10.3.5.1). */
const formats = { physical: 0x18da, functional: 0x18db, mixedPhysical: 0x18ce, mixedFunctional: 0x18cd } as const

/** Normal fixed addressing: target and source stand in an identifier of 29 bits (10.3.3). */
export function normalFixedAddress(pair: AddressPair): IsoTpAddress {
  return fixed(formats.physical, pair, undefined)
}

/** Extended addressing: the first byte is the address of whom the frame is for (10.3.4). */
export function extendedAddress({ transmitId, receiveId, extended }: IdPair, pair: AddressPair): IsoTpAddress {
  return {
    transmit: { id: transmitId, extended, prefix: pair.target },
    receive: { id: receiveId, extended, prefix: pair.source },
  }
}

/** Mixed addressing with identifiers of 11 bits: the first byte extends the address, both ways (10.3.5.2). */
export function mixedAddress({ transmitId, receiveId, extended }: IdPair, extension: number): IsoTpAddress {
  return {
    transmit: { id: transmitId, extended, prefix: extension },
    receive: { id: receiveId, extended, prefix: extension },
  }
}

/** Mixed addressing with target and source in an identifier of 29 bits (10.3.5.1). */
export function mixedFixedAddress(pair: AddressPair, extension: number): IsoTpAddress {
  return fixed(formats.mixedPhysical, pair, extension)
}

/** Where a message goes that is for all who have the function `target`; single frames alone can. */
export function functionalEnd({ source, target }: AddressPair, extension?: number): IsoTpEnd {
  const format = extension === undefined ? formats.functional : formats.mixedFunctional
  return { id: fixedId(format, target, source), extended: true, prefix: extension }
}

function fixed(format: number, { source, target }: AddressPair, prefix: number | undefined): IsoTpAddress {
  return {
    transmit: { id: fixedId(format, target, source), extended: true, prefix },
    receive: { id: fixedId(format, source, target), extended: true, prefix },
  }
}

function fixedId(format: number, target: number, source: number): number {
  return format * 0x1_00_00 + ((target & 0xff) << 8) + (source & 0xff)
}
