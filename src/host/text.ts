/** The words of a line, whatever spaces stand between and around them. */
export function wordsOf(line: string): string[] {
  return line.split(/\s+/).filter((word) => word !== '')
}

/** The number behind `Key:` in texts such as /proc/meminfo and /proc/PID/status, which count in KiB and write kB. */
export function kibibytesOf(text: string, key: string): number | undefined {
  const at = text.startsWith(`${key}:`) ? 0 : text.indexOf(`\n${key}:`) + 1
  if (at === 0 && !text.startsWith(`${key}:`)) return undefined
  const value = Number.parseInt(text.slice(at + key.length + 1, at + key.length + 32), 10)
  return Number.isNaN(value) ? undefined : value
}
