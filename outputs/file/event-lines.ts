import { type EncodedEvents, type Event, type EventTime, readEvents, valueText } from 'sluice/plugin'

type Format = (chunks: readonly EncodedEvents[]) => Uint8Array

/** Lines `tag: [time, {record}]`, as Fluent Bit's file output writes them; `json` gives one JSON object a line. */
export function taggedLines(json: Format): Format {
  return (chunks) => {
    let text = ''
    for (const chunk of chunks) {
      const records = Buffer.from(json([chunk]))
        .toString()
        .split('\n')
      let index = 0
      for (const { time } of readEvents(chunk))
        text += `${chunk.tag}: [${timeText(time)}, ${records[index++] ?? '{}'}]\n`
    }
    return Buffer.from(text)
  }
}

/** One line an event, from a text in which `{key}` and `{time}` stand for what the event holds; other braces stay. */
export function templateLines(template: string): Format {
  return (chunks) => {
    let text = ''
    for (const chunk of chunks) for (const event of readEvents(chunk)) text += `${filled(template, event)}\n`
    return Buffer.from(text)
  }
}

function filled(template: string, event: Event): string {
  return template.replace(/\{([^{}]+)\}/g, (written, key: string) => {
    if (key === 'time') return timeText(event.time)
    const value = Object.hasOwn(event.record, key) ? valueText(event.record[key]) : undefined
    return value?.replace(/[\r\n]/g, ' ') ?? written
  })
}

function timeText({ seconds, nanoseconds }: EventTime): string {
  return `${seconds}.${String(nanoseconds).padStart(9, '0')}`
}
