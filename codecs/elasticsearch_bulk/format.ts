import { createHash } from 'node:crypto'
import {
  compileDatedTemplate,
  type Event,
  fieldAccessor,
  type Formatter,
  JsonEvents,
  refuseBatch,
  toIsoText,
  valueText,
} from 'sluice/plugin'

export interface BulkFormatSettings {
  /** Template of the index, with dates. */
  readonly index: string
  readonly operation: 'create' | 'index'
  /** Fields that hold the index and the id of the document. */
  readonly indexKey: string | undefined
  readonly idKey: string | undefined
  readonly generateId: boolean
  /** Field that gets the tag. */
  readonly tagKey: string | undefined
}

/** Actions, each with its document: the record, and its time as `@timestamp` unless it has one. */
export function bulkFormatter(settings: BulkFormatSettings): Formatter {
  const indexOf = indexReader(settings)
  const idOf = idReader(settings)
  const { operation, tagKey } = settings
  return {
    contentType: 'application/x-ndjson',
    format(chunks, refuse = refuseBatch) {
      const events = new JsonEvents(chunks)
      while (events.next()) {
        const index = indexOf(events)
        if (index === '') refuse(events.index, 'no index')
        else writeAction(events, `{"${operation}":{"_index":${JSON.stringify(index)}${idOf(events)}}}\n`, tagKey)
      }
      return events.take()
    },
  }
}

function writeAction(events: JsonEvents, action: string, tagKey: string | undefined): void {
  const tag =
    tagKey === undefined || events.has(tagKey) ? '' : `${JSON.stringify(tagKey)}:${JSON.stringify(events.tag)}`
  const time = events.has('@timestamp') ? '' : `"@timestamp":"${toIsoText(events.time)}"`
  const added = [time, tag].filter((field) => field !== '').join(',')
  events.writeText(action)
  if (added === '') events.writeRecord()
  else {
    events.writeText(`{${added}`)
    events.writeFields()
  }
  events.writeText('\n')
}

function indexReader({ index, indexKey }: BulkFormatSettings): (event: Event) => string {
  const template = compileDatedTemplate(index)
  const read = indexKey === undefined ? undefined : fieldAccessor('index_key', indexKey)
  return (event) => indexName((read && valueText(read(event) ?? undefined)) || template(event))
}

/**
 * What no index may be named becomes another name (Elasticsearch, "Create index API"): letters are small, what is not allowed is
 * `_`, and what no name begins with is left out. Empty where nothing is left.
 */
function indexName(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[\\/*?"<>| ,#:\p{Cc}]/gu, '_')
    .replace(/^[-+_]+/, '')
}

/** The rest of the action behind its index. */
function idReader({ idKey, generateId }: BulkFormatSettings): (events: JsonEvents) => string {
  const read = idKey === undefined ? undefined : fieldAccessor('id_key', idKey)
  return (events) => {
    const id = (read && valueText(read(events) ?? undefined)) ?? (generateId ? generatedId(events) : '')
    return id === '' ? '' : `,"_id":${JSON.stringify(id)}`
  }
}

/** The same for every retry; that of other events is another, but for events of one tag, one moment and one content. */
function generatedId({ tag, entry }: JsonEvents): string {
  return createHash('sha256').update(tag).update('\0').update(entry).digest('base64url').slice(0, 27)
}
