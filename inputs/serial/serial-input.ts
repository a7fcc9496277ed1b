import { framingOf, type FramingOptions, streamParser } from 'sluice/framing'
import { checkDevice, type SerialLine, type SerialSettings, whileLine } from 'sluice/serial'
import { EntryWriter, type EventRecord, type Input, type InputContext, type ValuesOf } from 'sluice/plugin'
import { LineRecords, type LineSettings } from './line-records.js'
import { askInTurn } from './ask.js'
import { type Poll, type pollOptions, pollsOf } from './polls.js'
import { type FormatSettings, formatOf } from './serial-parser.js'

export interface Settings extends SerialSettings, FramingOptions, FormatSettings {
  readonly tag: string
  readonly buffer_size: number
  readonly source_address_key: string | undefined
  readonly poll: readonly ValuesOf<typeof pollOptions>[] | undefined
}

/** Reads the line whenever it is there, each time as a stream of its own. */
export function serialInput(settings: Settings, context: InputContext): Input {
  checkDevice(settings)
  pollsOf(settings.poll)
  const records = recordsOf(settings, context)
  return {
    run: (signal) =>
      whileLine(settings, context, signal, async (line) => {
        const fields =
          settings.source_address_key === undefined ? undefined : { [settings.source_address_key]: line.path }
        const polls = pollsOf(settings.poll, fields)
        await takeAll({ line, records: records(), polls, fields, leastBytes: settings.min_bytes ?? 1, context })
      }),
  }
}

/** Makes what takes a line's bytes. Throws an AgentError where the options do not fit together. */
function recordsOf(settings: Settings, context: InputContext): () => LineRecords {
  const { tag, buffer_size: maxFrame, separator: delimiter } = settings
  const framing = framingOf(settings)
  const writer = new EntryWriter()
  const partsOf = (): LineSettings => {
    const { parser, whole } = formatOf(settings, framing !== undefined, context)
    return { tag, parser: streamParser(parser, framing), whole, maxFrame, delimiter, framing, writer, context }
  }
  partsOf()
  return () => new LineRecords(partsOf())
}

interface Taking {
  readonly line: SerialLine
  readonly records: LineRecords
  readonly polls: readonly Poll[]
  readonly fields: EventRecord | undefined
  readonly leastBytes: number
  readonly context: InputContext
}

async function takeAll({ line, records, polls, fields, leastBytes, context }: Taking): Promise<void> {
  try {
    if (polls.length > 0) return await askInTurn({ line, records, fields, context }, polls)
    for await (const bytes of atLeast(leastBytes, line.read(), context))
      if (!records.push(bytes, fields)) await context.room()
  } finally {
    records.breakOff()
  }
}

/** The same bytes, `least` or more of them at a time. */
async function* atLeast(
  least: number,
  reads: AsyncIterable<Uint8Array>,
  context: InputContext,
): AsyncGenerator<Uint8Array> {
  let held: Uint8Array[] = []
  let size = 0
  try {
    for await (const bytes of reads) {
      held.push(bytes)
      size += bytes.length
      if (size < least) continue
      const all = held.length === 1 ? bytes : Buffer.concat(held)
      held = []
      size = 0
      yield all
    }
  } finally {
    if (size > 0) context.drop('cut_off', 1)
  }
}
