import { AgentError } from '../plugin/errors.js'

const escapes: { readonly [letter: string]: number } = { n: 0x0a, r: 0x0d, t: 0x09, 0: 0x00, '\\': 0x5c }

/**
 * Bytes as an option writes them: in hexadecimal behind `0x`, as `0x0d0a`, or as text with `\n`, `\r`, `\t`, `\0`, `\\` and
 * `\x03`. Throws an AgentError where `text` is neither, or no bytes at all.
 */
export function readByteText(option: string, text: string): Buffer {
  if (/^0x([0-9a-f]{2})+$/i.test(text)) return Buffer.from(text.slice(2), 'hex')
  const pieces = [...text.matchAll(/\\x([0-9a-f]{2})|\\([nrt0\\])|([^\\]+)/giy)]
  const end = pieces.reduce((sum, [all]) => sum + all.length, 0)
  if (end < text.length || text === '') {
    const message = `${option}: expected bytes such as \\r\\n, \\x03 or 0x0d0a, got "${text}"`
    throw new AgentError('FRAMING_BYTES', message)
  }
  return Buffer.concat(pieces.map(bytesOf))
}

function bytesOf([, hex, letter, text = '']: RegExpExecArray): Buffer {
  if (hex !== undefined) return Buffer.from(hex, 'hex')
  return letter === undefined ? Buffer.from(text) : Buffer.of(escapes[letter] as number)
}
