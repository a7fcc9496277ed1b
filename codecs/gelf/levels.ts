import type { Value } from 'sluice/plugin'

/** Severities of syslog (RFC 5424, section 6.2.1), and other words for them. */
const levels: ReadonlyMap<string, number> = new Map([
  ...['emerg', 'alert', 'crit', 'err', 'warning', 'notice', 'info', 'debug'].map(
    (word, level) => [word, level] as const,
  ),
  ...['emergency', 'panic', 'fatal'].map((word) => [word, 0] as const),
  ['critical', 2],
  ['error', 3],
  ['warn', 4],
  ['informational', 6],
  ['trace', 7],
])

/** From 0 to 7, of a number or a word in any case; undefined where it is none. */
export function levelOf(value: Value | undefined): number | undefined {
  if (typeof value === 'number') return Number.isInteger(value) && value >= 0 && value <= 7 ? value : undefined
  if (typeof value !== 'string') return undefined
  return levels.get(value.toLowerCase()) ?? (/^[0-7]$/.test(value) ? Number(value) : undefined)
}
