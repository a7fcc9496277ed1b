const extendedFlag = 0x8000_0000
const longestStandard = 0x7ff
const longestExtended = 0x1fff_ffff

/** Keeps signals that belong to no message, in files of Vector's tools; 0xc0000000, or 0x40000000. */
const independentName = 'VECTOR__INDEPENDENT_SIG_MSG'
const independentIds: readonly number[] = [0xc000_0000, 0x4000_0000]

export interface Identifier {
  readonly id: number
  readonly extended: boolean
}

/**
 * A DBC file's number of a message: bit 31 says that the identifier has 29 bits. One that is too long for 11 bits has 29
 * without it too. Undefined for a number that is no identifier.
 */
export function identifierOf(number: number): Identifier | undefined {
  const id = number >= extendedFlag ? number - extendedFlag : number
  if (id > longestExtended) return undefined
  return { id, extended: number >= extendedFlag || id > longestStandard }
}

/** Tells identifiers of 11 and of 29 bits apart in one number. */
export function identifierKey({ id, extended }: Identifier): number {
  return extended ? longestExtended + 1 + id : id
}

export function isIndependent(number: number, name: string): boolean {
  return name === independentName || independentIds.includes(number)
}

/** Whether the file should have set bit 31, and has not. */
export function lacksExtendedFlag(number: number): boolean {
  return number > longestStandard && number < extendedFlag
}
