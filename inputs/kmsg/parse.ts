/** One record of /dev/kmsg: `prio,sequence,usec,flags;text`, then lines ` KEY=value` (Documentation/ABI/testing/dev-kmsg). */
export interface KernelRecord {
  /** 0 (emergency) to 7 (debug). */
  readonly priority: number
  readonly sequence: number
  /** Microseconds since boot. */
  readonly usec: number
  readonly text: string
  /** Such as SUBSYSTEM and DEVICE: which device it is about. */
  readonly properties: { readonly [key: string]: string }
}

/** The records of a text, and how many of its lines are none. */
export interface ParsedText {
  readonly records: readonly KernelRecord[]
  readonly broken: number
}

/** Each reading of the device is one record; here there may be several, one behind the other. */
export function parseKmsg(text: string): ParsedText {
  const heads = text.split(/\n(?! )/).filter((head) => head !== '')
  const records = heads.flatMap((head) => recordOf(head) ?? [])
  return { records, broken: heads.length - records.length }
}

const header = /^(\d+),(\d+),(\d+)[^;\n]*;/

function recordOf(head: string): KernelRecord | undefined {
  const found = header.exec(head)
  if (!found) return undefined
  const [text = '', ...continuation] = head.slice(found[0].length).split('\n ')
  return {
    priority: Number(found[1]) & 7, // the bits above are the facility, as in syslog
    sequence: Number(found[2]),
    usec: Number(found[3]),
    text: unescaped(text),
    properties: Object.fromEntries(continuation.flatMap(propertyOf)),
  }
}

function propertyOf(line: string): [string, string][] {
  const equals = line.indexOf('=')
  return equals <= 0 ? [] : [[line.slice(0, equals), unescaped(line.slice(equals + 1))]]
}

/** The kernel writes each byte that is no printable ASCII as `\x1b`, so the backslash too; here it becomes UTF-8 again. */
function unescaped(text: string): string {
  if (!text.includes('\\x')) return text
  const bytes = text.replace(/\\x([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(bytes, 'latin1').toString('utf8')
}
