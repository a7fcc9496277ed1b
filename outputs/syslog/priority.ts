import type { Value } from 'sluice/plugin'

/** By their numbers (RFC 5424, section 6.2.1, table 2), as `logger -p` and syslog.h call them. */
const severities = ['emerg', 'alert', 'crit', 'err', 'warning', 'notice', 'info', 'debug'] as const

const moreSeverities: { readonly [name: string]: number } = {
  emergency: 0,
  panic: 0,
  critical: 2,
  fatal: 2,
  error: 3,
  warn: 4,
  information: 6,
  trace: 7,
}

/** By their numbers (table 1); 12 to 15 have names of their own in few systems. */
const facilities = [
  ...['kern', 'user', 'mail', 'daemon', 'auth', 'syslog', 'lpr', 'news', 'uucp', 'cron', 'authpriv', 'ftp'],
  ...['ntp', 'audit', 'alert', 'clock', 'local0', 'local1', 'local2', 'local3', 'local4', 'local5', 'local6', 'local7'],
]

/** The severity that a field says; undefined for anything else. */
export function severityOf(value: Value | undefined): number | undefined {
  return numberOf(value, severities) ?? (typeof value === 'string' ? moreSeverities[value.toLowerCase()] : undefined)
}

export function facilityOf(value: Value | undefined): number | undefined {
  return numberOf(value, facilities)
}

function numberOf(value: Value | undefined, names: readonly string[]): number | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined
  const text = String(value).toLowerCase()
  const number = /^\d{1,2}$/.test(text) ? Number(text) : names.indexOf(text)
  return number >= 0 && number < names.length ? number : undefined
}
