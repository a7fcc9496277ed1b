/** What an adapter says that is no data (ELM327 data sheet, "Error Messages and Alerts"). */
export type AdapterWord =
  | 'ok'
  /** It looks for the protocol, or wakes the bus: what counts comes behind. */
  | 'working'
  /** Nobody answered. */
  | 'no_data'
  /** No protocol fits: mostly the ignition is off. */
  | 'unable_to_connect'
  /** The bus could not be woken, or is not well. */
  | 'bus_error'
  /** Bytes of an answer were wrong. */
  | 'data_error'
  /** The adapter was interrupted by a byte that came to it. */
  | 'stopped'
  /** Answers came faster than the line takes them; the rest of them is lost. */
  | 'buffer_full'
  /** It does not know the command. */
  | 'unknown_command'
  /** It began anew by itself: all that was set is forgotten. */
  | 'reset'

/** The first pattern that fits counts; spaces are out of a line before. */
const words: readonly (readonly [RegExp, AdapterWord])[] = [
  [/^OK$/, 'ok'],
  [/^(SEARCHING|BUSINIT):?\.*(OK)?$/, 'working'],
  [/^NODATA$/, 'no_data'],
  [/^UNABLETOCONNECT$/, 'unable_to_connect'],
  [/^(SEARCHING\.*)?BUSINIT:?\.*ERROR$/, 'bus_error'],
  [/^(CANERROR|BUSERROR|BUSBUSY|FBERROR|FEEDBACKERROR|ACTALERT|LPALERT)$/, 'bus_error'],
  [/(DATAERROR|RXERROR)$/, 'data_error'],
  [/^STOPPED$/, 'stopped'],
  [/^BUFFERFULL$/, 'buffer_full'],
  [/^\?$/, 'unknown_command'],
  [/^(LVRESET|ERR\d+|ELM\d+.*|STN\d+.*|OBDLINK.*)$/, 'reset'],
]

/** The meaning of a line without its spaces; undefined where it may be data. */
export function adapterWord(line: string): AdapterWord | undefined {
  return words.find(([pattern]) => pattern.test(line))?.[1]
}

/** Words that may stand before data in one line: an adapter ends none of them with a new line where that is off. */
const leading = /^(SEARCHING\.*|BUSINIT:?\.*(OK)?)(?=.)/

/** Lines of what came until the prompt: without spaces, in upper case, without the bytes that are noise by the data sheet. */
export function adapterLines(text: string): string[] {
  const clean = text.replaceAll('\0', '').toUpperCase()
  return clean.split(/[\r\n]+/).flatMap((line) => {
    const bare = line.replaceAll(/[\s>]/g, '')
    if (bare === '') return []
    const before = adapterWord(bare) === undefined ? leading.exec(bare)?.[0] : undefined
    return before === undefined ? [bare] : [before, bare.slice(before.length)]
  })
}
