import { AgentError } from '../base/agent-error.js'
import type { Parsed } from './context.js'
import { ParseError } from './errors.js'

/** The events of a frame as they are read, one by one; an AgentError on the way to the next becomes a ParseError with its index. */
export function* numberEvents(events: Iterable<Parsed>): Generator<Parsed> {
  let index = 0
  try {
    for (const event of events) {
      yield event
      index++
    }
  } catch (error) {
    if (!(error instanceof AgentError)) throw error
    const { code, message } = error
    throw new ParseError(code, `event ${index}: ${message}`, index, { cause: error })
  }
}
