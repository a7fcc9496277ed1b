import { AgentError, type Parsed, type Pattern, setField, type Value } from 'sluice/plugin'

/** So much of a line that does not match is shown. */
const shownLength = 120

/** One line to a record of the groups that took part. */
export function parseRegex(pattern: Pattern, frame: Uint8Array): readonly Parsed[] {
  if (frame.length === 0) return []
  const line = Buffer.from(frame.buffer, frame.byteOffset, frame.length).toString()
  const record: Record<string, Value> = {}
  if (pattern.fields(line, (name, value) => setField(record, name, value))) return [{ record }]
  const shown = line.length > shownLength ? `${line.slice(0, shownLength)}…` : line
  throw new AgentError('CODEC_REGEX_NO_MATCH', `regex: expected a line that matches, got "${shown}"`)
}
