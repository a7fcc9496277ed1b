import { TextDecoder } from 'node:util'

import { HttpError } from '../http/http-error.js'
import type { Parsed, Parser } from '../plugin/context.js'
import { recordsIn } from './records-in.js'

const parameter = /;\s*charset\s*=\s*"?([^\s";]*)/i

/** Text in ASCII is text in UTF-8. */
const utf8 = ['', 'utf-8', 'utf8', 'us-ascii', 'ascii']

/**
 * A parser of text as a header `Content-Type` says that it is encoded, by the names of the Encoding Standard. Throws an HttpError 415
 * for an encoding that nobody here knows; its `parse` throws a 400 where the text is not encoded so.
 */
export function decoding(parser: Parser, contentType: string): Parser {
  const charset = (parameter.exec(contentType)?.[1] ?? '').toLowerCase()
  if (utf8.includes(charset)) return parser
  const decoder = decoderOf(charset)
  return { ...parser, framing: 'whole', parse: (body): Iterable<Parsed> => recordsIn(decoded(body, decoder), parser) }
}

function decoderOf(charset: string): TextDecoder {
  try {
    return new TextDecoder(charset, { fatal: true })
  } catch (error) {
    const detail = `content-type: expected a charset that is known here, such as utf-8, got "${charset.slice(0, 40)}"`
    throw new HttpError(415, detail, { cause: error, reason: 'unknown_charset' })
  }
}

function decoded(body: Uint8Array, decoder: TextDecoder): Buffer {
  try {
    return Buffer.from(decoder.decode(body))
  } catch (error) {
    throw new HttpError(400, `body: expected text in ${decoder.encoding}`, { cause: error, reason: 'invalid' })
  }
}
