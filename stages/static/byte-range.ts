/** Bytes from `first` up to and without `end`. */
export interface ByteRange {
  readonly first: number
  readonly end: number
}

const form = /^bytes=(?=.*\d)(\d*)-(\d*)$/

/**
 * The one range that a client asks for (RFC 9110, section 14.1.2). Undefined for what a server may pass over: other units, several
 * ranges, and what is no range; `none` where no byte of the file is in it.
 */
export function byteRange(header: string | undefined, size: number): ByteRange | 'none' | undefined {
  const found = form.exec(header ?? '')
  if (!found) return undefined
  const [, from = '', to = ''] = found
  return from === '' ? suffix(Number(to), size) : span(Number(from), to === '' ? Infinity : Number(to), size)
}

function span(first: number, last: number, size: number): ByteRange | 'none' | undefined {
  if (last < first) return undefined
  return first < size ? { first, end: Math.min(last + 1, size) } : 'none'
}

function suffix(length: number, size: number): ByteRange | 'none' {
  return length > 0 && size > 0 ? { first: Math.max(0, size - length), end: size } : 'none'
}
