import { AgentError, type EventRecord, type Parsed, setField, type Value } from 'sluice/plugin'
import { unescapeValue } from './escapes.js'

/** Lines of `label:value` with tabs between (ltsv.org). */
export function parseLtsv(frame: Uint8Array, escapes: boolean): readonly Parsed[] {
  const text = Buffer.from(frame.buffer, frame.byteOffset, frame.length).toString()
  const lines = text.split('\n').filter((line) => line !== '' && line !== '\r')
  return lines.map((line) => ({ record: parseLine(line, escapes) }))
}

function parseLine(line: string, escapes: boolean): EventRecord {
  const record: Record<string, Value> = {}
  for (const field of line.replace(/\r$/, '').split('\t')) {
    if (field === '') continue
    const colon = field.indexOf(':')
    if (colon < 0) throw new AgentError('CODEC_LTSV_FIELD', `ltsv: expected label:value, got "${field.slice(0, 64)}"`)
    const value = field.slice(colon + 1)
    setField(record, field.slice(0, colon), escapes ? unescapeValue(value) : value)
  }
  return record
}
