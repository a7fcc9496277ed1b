import { type Event, type PluginContext, valueText } from 'sluice/plugin'
import type { Rule } from './rule.js'

/** The event under the tag of the first rule that matches, and as it was where that rule keeps it. */
export function retag(
  event: Event,
  rules: readonly Rule[],
  context: Pick<PluginContext, 'count'>,
): Event | readonly Event[] {
  for (const { read, pattern, tag, keep } of rules) {
    const text = valueText(read(event))
    const captures = text === undefined ? undefined : pattern.captures(text)
    if (!captures) continue
    const moved = { ...event, tag: tag(event, captures) }
    if (moved.tag === '' || moved.tag === event.tag) return event
    context.count('rewritten')
    return keep ? [event, moved] : moved
  }
  return event
}
