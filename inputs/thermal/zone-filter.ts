import { AgentError, messageOf } from 'sluice/plugin'
import type { Zone } from './zones.js'

interface Patterns {
  readonly name_regex: string | undefined
  readonly type_regex: string | undefined
}

/** Both patterns must be found where both are given. */
export function wantedZones({ name_regex, type_regex }: Patterns): (zone: Zone) => boolean {
  const name = compiled('name_regex', name_regex)
  const type = compiled('type_regex', type_regex)
  return (zone) => (!name || name.test(zone.name)) && (!type || type.test(zone.type))
}

function compiled(option: string, pattern: string | undefined): RegExp | undefined {
  if (pattern === undefined) return undefined
  try {
    return new RegExp(pattern)
  } catch (cause) {
    const message = `${option}: expected a regular expression, got "${pattern}": ${messageOf(cause)}`
    throw new AgentError('THERMAL_BAD_REGEX', message, { cause })
  }
}
