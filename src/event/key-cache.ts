const slots = 64

interface Known {
  readonly bytes: Uint8Array
  readonly text: string
}

/**
 * Texts of keys that were met before. Events of one tag repeat theirs, and comparing a few bytes costs a fraction of
 * decoding them; besides, one text for all lets the platform find fields by identity.
 */
export class KeyCache {
  readonly #known: (Known | undefined)[] = []

  textAt(bytes: Buffer, start: number, size: number): string {
    const slot = slotOf(bytes, start, size)
    const known = this.#known[slot]
    if (known && isAt(known.bytes, bytes, start, size)) return known.text
    const text = bytes.toString('utf8', start, start + size)
    this.#known[slot] = { bytes: new Uint8Array(bytes.subarray(start, start + size)), text }
    return text
  }
}

function slotOf(bytes: Buffer, start: number, size: number): number {
  let hash = size
  for (let at = start; at < start + size; at++) hash = Math.imul(hash, 31) + (bytes[at] ?? 0)
  return (hash ^ (hash >>> 7)) & (slots - 1)
}

function isAt(known: Uint8Array, bytes: Buffer, start: number, size: number): boolean {
  if (known.length !== size) return false
  for (let index = 0; index < size; index++) if (known[index] !== bytes[start + index]) return false
  return true
}
