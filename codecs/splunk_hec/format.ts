import {
  compileTemplate,
  dateText,
  type Event,
  fieldAccessor,
  type Formatter,
  JsonEvents,
  refuseBatch,
  toJson,
  type Value,
} from 'sluice/plugin'

export interface HecFormatSettings {
  /** Field that is the event; undefined for the whole record. */
  readonly eventKey: string | undefined
  /** Templates of `host`, `source`, `sourcetype` and `index`; what is empty is not said. */
  readonly metadata: { readonly [name: string]: string | undefined }
  /** Templates of indexed fields. */
  readonly fields: { readonly [name: string]: string }
}

/** What an object may hold besides its time (Splunk, "Format events for HTTP Event Collector", "Event metadata"). */
const metadataNames = ['host', 'source', 'sourcetype', 'index', 'fields']

/** Objects, one a line; a record that is such an object already, as what this codec reads, is written as it is. */
export function hecFormatter({ eventKey, metadata, fields }: HecFormatSettings): Formatter {
  const writeHead = headWriter(metadata, fields)
  const eventOf = eventKey === undefined ? undefined : fieldAccessor('event_key', eventKey)
  return {
    contentType: 'application/json',
    format(chunks, refuse = refuseBatch) {
      const events = new JsonEvents(chunks)
      while (events.next()) {
        const isWhole = isHec(events)
        const event = isWhole ? events.record['event'] : eventOf?.(events)
        if (event === '') refuse(events.index, 'a blank event')
        else {
          writeHead(events, isWhole)
          if (isWhole) events.writeFields()
          else writeEvent(events, event)
          events.writeText('\n')
        }
      }
      return events.take()
    },
  }
}

/** Writes an object as far as its event; what a whole one says of itself is left out. */
function headWriter(
  metadata: HecFormatSettings['metadata'],
  fields: HecFormatSettings['fields'],
): (events: JsonEvents, isWhole: boolean) => void {
  const texts = Object.entries(metadata).flatMap(([name, text]) => (text ? [{ name, of: compileTemplate(text) }] : []))
  const fieldsOf = fieldsReader(fields)
  return (events, isWhole) => {
    events.writeText(`{"time":${dateText(events.time, 'double')}`)
    for (const { name, of } of texts) if (!isWhole || !events.has(name)) writeFilled(events, name, of(events))
    if (!isWhole || !events.has('fields')) events.writeText(fieldsOf(events))
  }
}

function isHec(events: JsonEvents): boolean {
  if (!events.has('event') || events.record['event'] === null) return false
  return Object.keys(events.record).every((key) => key === 'event' || metadataNames.includes(key))
}

function writeFilled(events: JsonEvents, name: string, value: string): void {
  if (value !== '') events.writeText(`,"${name}":${JSON.stringify(value)}`)
}

/** The field that was asked for, else all of the record. */
function writeEvent(events: JsonEvents, field: Value | undefined): void {
  events.writeText(',"event":')
  if (field === undefined || field === null) events.writeRecord()
  else events.writeText(toJson(field))
  events.writeText('}')
}

function fieldsReader(fields: HecFormatSettings['fields']): (event: Event) => string {
  const templates = Object.entries(fields).map(([name, text]) => [name, compileTemplate(text)] as const)
  return (event) => {
    const filled = templates.map(([name, of]) => [name, of(event)] as const).filter(([, value]) => value !== '')
    return filled.length === 0 ? '' : `,"fields":${JSON.stringify(Object.fromEntries(filled))}`
  }
}

/** Lines: the event alone where it is text, else as JSON. */
export function rawFormatter(eventKey: string | undefined): Formatter {
  const eventOf = fieldAccessor('event_key', eventKey ?? 'event')
  return {
    contentType: 'text/plain; charset=utf-8',
    format(chunks, refuse = refuseBatch) {
      const events = new JsonEvents(chunks)
      while (events.next()) {
        const event = eventOf(events)
        if (event === '') refuse(events.index, 'a blank event')
        else writeLine(events, event)
      }
      return events.take()
    },
  }
}

function writeLine(events: JsonEvents, event: Value | undefined): void {
  if (event === undefined || event === null) events.writeRecord()
  else events.writeText(typeof event === 'string' ? event : toJson(event))
  events.writeText('\n')
}
