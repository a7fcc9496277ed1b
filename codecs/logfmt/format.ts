import {
  type JsonDateFormat,
  dateText,
  type Event,
  fieldText,
  type Formatter,
  readEvents,
  type Value,
} from 'sluice/plugin'

export function logfmtFormatter(dateKey: string | undefined, dateFormat: JsonDateFormat): Formatter {
  return {
    contentType: 'text/plain; charset=utf-8',
    format(chunks) {
      let lines = ''
      for (const chunk of chunks)
        for (const event of readEvents(chunk)) lines += `${lineOf(event, dateKey, dateFormat)}\n`
      return Buffer.from(lines)
    },
  }
}

function lineOf({ time, record }: Event, dateKey: string | undefined, dateFormat: JsonDateFormat): string {
  const fields = Object.entries(record).map(([key, value]) => `${keyText(key)}=${quoted(value)}`)
  if (dateKey !== undefined) fields.unshift(`${keyText(dateKey)}=${quoted(dateText(time, dateFormat))}`)
  return fields.join(' ')
}

/** Nothing that ends a key may be in it. */
function keyText(key: string): string {
  return key.replaceAll(/[\s="\p{Cc}]/gu, '_') || '_'
}

function quoted(value: Value): string {
  const text = fieldText(value)
  return value !== null && (text === '' || /[\s"=\\\p{Cc}]/u.test(text)) ? JSON.stringify(text) : text
}
