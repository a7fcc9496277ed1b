/** What is between two ends of one connection and never passed on (RFC 9110, sections 7.6.1 and 11.7). */
const hopByHop = [
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]

/** Header fields by their names in lower case; those that came more than once as a list. */
export type Fields = Record<string, string | string[]>

/** `[name, value, name, value, …]`, as a message has them, without those of its connection and those that `Connection` names. */
export function endToEnd(rawHeaders: readonly string[]): Fields {
  const fields: Record<string, string[]> = Object.create(null) as Record<string, string[]>
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = (rawHeaders[at] ?? '').toLowerCase()
    if (!name.startsWith(':')) (fields[name] ??= []).push(rawHeaders[at + 1] ?? '')
  }
  const named = (fields['connection'] ?? []).flatMap((value) => value.toLowerCase().split(','))
  for (const name of [...hopByHop, ...named.map((option) => option.trim())]) delete fields[name]
  return unwrapped(fields)
}

/** Node takes a list for one of the headers that there can be only once as an error. */
function unwrapped(fields: Record<string, string[]>): Fields {
  return Object.fromEntries(
    Object.entries(fields).map(([name, values]) => [name, values.length === 1 ? (values[0] ?? '') : values]),
  )
}
