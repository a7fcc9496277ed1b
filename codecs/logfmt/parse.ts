import { AgentError, type EventRecord, type Parsed, setField, type Value } from 'sluice/plugin'

/** `key="quoted"`, `key=plain` or `key`, each up to a blank or the end. */
const field = /([^\s="]+)(?:(=)(?:"([^"\\]*(?:\\.[^"\\]*)*)"|([^\s"]*)))?(?=\s|$)/y
const blanks = /\s*/y

const escapes: { readonly [letter: string]: string } = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' }

/** Lines of fields with blanks between. */
export function parseLogfmt(frame: Uint8Array, bareKeys: boolean): readonly Parsed[] {
  const lines = Buffer.from(frame.buffer, frame.byteOffset, frame.length).toString().split('\n')
  return lines.filter((line) => line.trim() !== '').map((line) => ({ record: parseLine(line, bareKeys) }))
}

function parseLine(line: string, bareKeys: boolean): EventRecord {
  const record: Record<string, Value> = {}
  for (let at = skipBlanks(line, 0); at < line.length; at = skipBlanks(line, field.lastIndex)) {
    field.lastIndex = at
    const found = field.exec(line)
    const [, key = '', equals, quoted, plain] = found ?? []
    if (!found || (equals === undefined && !bareKeys)) throw unexpected(line.slice(at))
    setField(record, key, equals === undefined ? true : quoted === undefined ? (plain ?? '') : unescape(quoted))
  }
  return record
}

function skipBlanks(line: string, from: number): number {
  blanks.lastIndex = from
  blanks.test(line)
  return blanks.lastIndex
}

/** The escapes of JSON (RFC 8259, section 7); a backslash before any other character is left out. */
function unescape(quoted: string): string {
  if (!quoted.includes('\\')) return quoted
  return quoted.replaceAll(/\\(?:u([\dA-Fa-f]{4})|(.))/g, (_, code: string | undefined, letter: string) =>
    code === undefined ? (escapes[letter] ?? letter) : String.fromCharCode(Number.parseInt(code, 16)),
  )
}

function unexpected(rest: string): AgentError {
  return new AgentError('CODEC_LOGFMT_FIELD', `logfmt: expected key=value, got "${rest.slice(0, 64)}"`)
}
