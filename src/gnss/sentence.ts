/** One sentence of NMEA 0183, such as `$GPGGA,123519,…*47`. */
export interface Sentence {
  /** What speaks: `GP`, `GL`, `GA`, `GB`, `BD`, `GQ`, `QZ`, `GI`, or `GN` for several systems together. */
  readonly talker: string
  readonly type: string
  readonly fields: readonly string[]
}

/** Why a line is no sentence; each is a counter. */
export type Fault = 'noise_lines' | 'cut_sentences' | 'bad_checksums' | 'other_sentences'

/** NMEA 0183 version 4.00, section 5.3: an address of talker and formatter, or `P` and a maker; fields; a checksum of two digits. */
const form = /^\$([A-Z][A-Z\d])([A-Z]{3})((?:,[^,*$]*)*)\*([\dA-Fa-f]{2})$/

/**
 * Reads a line. What stands before its last `$` is noise, or a sentence that was cut off. A sentence must have its checksum, all
 * receivers send it; makers' own sentences are told as `other_sentences`.
 */
export function readSentence(line: string): Sentence | Fault {
  const start = line.lastIndexOf('$')
  if (start < 0) return line.startsWith('!') ? 'other_sentences' : 'noise_lines'
  const text = line.slice(start).trimEnd()
  const star = text.indexOf('*')
  if (star < 0 || text.length < star + 3) return 'cut_sentences'
  if (checksumOf(text, star) !== Number.parseInt(text.slice(star + 1), 16)) return 'bad_checksums'
  return parsed(form.exec(text))
}

function parsed(found: RegExpExecArray | null): Sentence | Fault {
  if (!found) return 'other_sentences'
  const [, talker = '', type = '', fields = ''] = found
  return { talker, type, fields: fields.slice(1).split(',') }
}

/** Exclusive or of all that stands between `$` and `*`. */
function checksumOf(text: string, star: number): number {
  let sum = 0
  for (let at = 1; at < star; at++) sum ^= text.charCodeAt(at)
  return sum
}
