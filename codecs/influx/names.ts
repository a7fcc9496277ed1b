/** Escapes of measurements, tags and field keys (InfluxDB v2, "Line protocol", "Special characters"). */

/**
 * Where a name ends: at the first of these characters that has no backslash before it, at a line break in any case. A backslash
 * before any other character is itself.
 */
export function endOfName(text: string, start: number, stops: string): number {
  for (let at = start; at < text.length; at++) {
    const char = text[at] ?? ''
    if (char === '\n' || stops.includes(char)) return at
    if (char === '\\' && at + 1 < text.length && stops.includes(text[at + 1] ?? '')) at++
  }
  return text.length
}

export function unescapeName(text: string): string {
  return text.includes('\\') ? text.replaceAll(/\\([,= ])/g, '$1') : text
}

/** A measurement may have an equals sign, which has no escape there. */
export function unescapeMeasurement(text: string): string {
  return text.includes('\\') ? text.replaceAll(/\\([, ])/g, '$1') : text
}

/**
 * What cannot be written has a blank in its place: a line break, and a backslash at the end, which would take the meaning of
 * the character behind the name.
 */
export function escapeName(name: string): string {
  return plain(name).replaceAll(/[,= ]/g, String.raw`\$&`)
}

/** A number sign at its start would make the line a comment. */
export function escapeMeasurement(name: string): string {
  return plain(name)
    .replace(/^#/, '_')
    .replaceAll(/[, ]/g, String.raw`\$&`)
}

function plain(name: string): string {
  return name.replaceAll(/[\r\n]/g, ' ').replace(/\\$/, ' ')
}
