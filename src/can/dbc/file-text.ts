import { isAscii, isUtf8 } from 'node:buffer'

/** What Windows-1252 has from 0x80 to 0x9f; elsewhere it is ISO 8859-1 (WHATWG Encoding Standard, "index windows-1252"). */
const highControls =
  '\u20ac\u0081\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\u008d\u017d\u008f' +
  '\u0090\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u009d\u017e\u0178'

const hardBlank = 0xa0

/**
 * The same text without what only looks like nothing: byte order marks, no-break spaces. UTF-16 becomes UTF-8. The bytes
 * given are left alone.
 */
export function plainBytes(bytes: Buffer): Buffer {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return Buffer.from(bytes.toString('utf16le', 2))
  const text = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes
  return text.includes(hardBlank) ? withoutHardBlanks(Buffer.from(text)) : text
}

function withoutHardBlanks(bytes: Buffer): Buffer {
  const isTwoBytes = isUtf8(bytes)
  for (let at = bytes.indexOf(hardBlank); at >= 0; at = bytes.indexOf(hardBlank, at + 1)) {
    if (!isTwoBytes) bytes[at] = 0x20
    else if (bytes[at - 1] === 0xc2) bytes.fill(0x20, at - 1, at + 1)
  }
  return bytes
}

/** Makes texts of a file's bytes; each is its own, so that none keeps the file in memory. */
export type FileText = (start: number, end: number) => string

/** A file that is valid UTF-8 as a whole is that; else it is Windows-1252, which the tools of this format write. */
export function fileTextOf(bytes: Buffer): FileText {
  if (isAscii(bytes)) return (start, end) => bytes.toString('latin1', start, end)
  if (isUtf8(bytes)) return (start, end) => bytes.toString('utf8', start, end)
  return (start, end) => fromWindows1252(bytes.toString('latin1', start, end))
}

/** `TextDecoder` has read this range as ISO 8859-1 in some releases of Node. */
function fromWindows1252(latin1: string): string {
  return latin1.replace(/[\u0080-\u009f]/g, (control) => highControls.charAt(control.charCodeAt(0) - 0x80))
}
