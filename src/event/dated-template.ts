import { AgentError } from '../base/agent-error.js'
import { compileTemplate } from './accessor.js'
import type { Event } from './event.js'

const dayMs = 86_400_000

/** What each directive of strftime reads off a moment in UTC. */
const directives: { readonly [letter: string]: (date: Date) => string } = {
  Y: (date) => String(date.getUTCFullYear()),
  y: (date) => padded(date.getUTCFullYear() % 100),
  m: (date) => padded(date.getUTCMonth() + 1),
  d: (date) => padded(date.getUTCDate()),
  j: (date) => padded(dayOfYear(date), 3),
  H: (date) => padded(date.getUTCHours()),
  M: (date) => padded(date.getUTCMinutes()),
  S: (date) => padded(date.getUTCSeconds()),
  G: (date) => String(thursdayOf(date).getUTCFullYear()),
  V: (date) => padded(Math.ceil(dayOfYear(thursdayOf(date)) / 7)),
  '%': () => '%',
}

/**
 * Compiles text in which directives of strftime (in UTC) stand beside the accessors of `compileTemplate`, such as
 * `logs-$TAG[1]-%Y.%m.%d`. Throws an AgentError `EVENT_DATE` for a directive that is not known.
 */
export function compileDatedTemplate(text: string, missing = ''): (event: Event) => string {
  const parts = text
    .split(/(%.?)/su)
    .map((part) => (part.startsWith('%') ? dated(part) : compileTemplate(part, missing)))
  return (event) => {
    let written = ''
    for (const part of parts) written += part(event)
    return written
  }
}

/** Events of one second share the text of it. */
function dated(directive: string): (event: Event) => string {
  const letter = directive.slice(1)
  const read = Object.hasOwn(directives, letter) ? directives[letter] : undefined
  if (!read) {
    const known = Object.keys(directives).map((each) => `%${each}`)
    throw new AgentError('EVENT_DATE', `expected directives among ${known.join(' ')}, got "${directive}"`)
  }
  let second = -1
  let written = ''
  return ({ time }) => {
    if (time.seconds !== second) {
      second = time.seconds
      written = read(new Date(second * 1000))
    }
    return written
  }
}

function padded(value: number, digits = 2): string {
  return String(value).padStart(digits, '0')
}

/** From 1. */
function dayOfYear(date: Date): number {
  return Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / dayMs) + 1
}

/** The Thursday of its week, whose year the week belongs to (ISO 8601, "week date"). */
function thursdayOf(date: Date): Date {
  return new Date(date.getTime() + (4 - (date.getUTCDay() || 7)) * dayMs)
}
