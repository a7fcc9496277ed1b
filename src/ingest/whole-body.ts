import type { Parser } from '../plugin/context.js'

/** For formats whose values may hold what else would end a frame, such as a newline in quotes. */
export function wholeBody(parser: Parser): Parser {
  return { ...parser, framing: 'whole' }
}
