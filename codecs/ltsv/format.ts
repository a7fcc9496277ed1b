import { type JsonDateFormat, dateText, type Event, fieldText, type Formatter, readEvents } from 'sluice/plugin'
import { escapeValue } from './escapes.js'

interface LtsvSettings {
  readonly dateKey: string | undefined
  readonly dateFormat: JsonDateFormat
  readonly escapes: boolean
}

export function ltsvFormatter(settings: LtsvSettings): Formatter {
  return {
    contentType: 'text/plain; charset=utf-8',
    format(chunks) {
      let lines = ''
      for (const chunk of chunks) for (const event of readEvents(chunk)) lines += `${lineOf(event, settings)}\n`
      return Buffer.from(lines)
    },
  }
}

function lineOf({ time, record }: Event, { dateKey, dateFormat, escapes }: LtsvSettings): string {
  const fields = Object.entries(record).map(([key, value]) => {
    const text = fieldText(value)
    return `${label(key)}:${escapes ? escapeValue(text) : text.replaceAll(/[\t\n\r]/g, ' ')}`
  })
  if (dateKey !== undefined) fields.unshift(`${label(dateKey)}:${dateText(time, dateFormat)}`)
  return fields.join('\t')
}

/** A label ends at the first colon, so none may be in it. */
function label(key: string): string {
  return key.replaceAll(/[\t\n\r:]/g, '_')
}
