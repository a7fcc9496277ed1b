import { HttpError } from '../http/http-error.js'
import type { Parsed, Parser } from '../plugin/context.js'
import { AgentError, ParseError } from '../plugin/errors.js'
import { framerOf } from '../plugin/framing.js'

/** The records of a whole body. Throws a ParseError that tells which of them is the first bad one, or what the parser refuses with. */
export function* recordsIn(body: Uint8Array, parser: Parser): Iterable<Parsed> {
  let count = 0
  try {
    for (const frame of framesIn(body, parser)) {
      for (const parsed of parser.parse(frame)) {
        yield parsed
        count++
      }
    }
  } catch (error) {
    if (!(error instanceof AgentError) || error instanceof HttpError) throw error
    const { code, message } = error
    const index = error instanceof ParseError ? Math.max(count, error.index) : count
    throw new ParseError(code, message, index, { cause: error })
  }
}

function framesIn(body: Uint8Array, { framing }: Parser): Iterable<Uint8Array> {
  if (framing === 'whole') return [body]
  const framer = framerOf(framing, { maxFrame: body.length, onOversize: () => undefined })
  return [...framer.push(body), ...framer.end()]
}
