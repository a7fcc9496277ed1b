import type { Dbc, DbcMessage, DbcSignal } from './dbc.js'
import type { Draft, DraftMessage, DraftSignal } from './draft.js'
import { bytesNeeded } from './layout.js'
import { linkSelectors } from './selectors.js'

/** `VFrameFormat` as its numbers are where the file declares it as one (Vector, "DBC File Format Documentation", "VFrameFormat"). */
const frameFormats: readonly string[] = [
  'StandardCAN',
  'ExtendedCAN',
  'reserved',
  'J1939PG',
  ...Array.from({ length: 10 }, () => 'reserved'),
  'StandardCAN_FD',
  'ExtendedCAN_FD',
]

/** Bytes that a classic frame has at most. */
const classicBytes = 8

/** What the statements said in all: names, groups of signals and attributes are put where they belong. */
export function finish(draft: Draft, file: string): Dbc {
  const messages = Array.from(draft.messages, (message) => messageOf(message, draft))
  const { version, comment, nodes, attributes, problems, problemCount } = draft
  problems.sort((one, other) => one.line - other.line || one.column - other.column)
  return { file, version, comment, nodes, messages, attributes, problems, problemCount }
}

function messageOf(message: DraftMessage, draft: Draft): DbcMessage {
  const { id, extended, length, senders, comment, attributes, line } = message
  const signals = linkSelectors(message, draft)
  for (const signal of signals) checkReach(signal, message, draft)
  const format = frameFormatOf(message, draft)
  const j1939 = extended ? j1939Of(message, draft, format) : 'no'
  return {
    id,
    extended,
    name: textOf(attributes.get('SystemMessageLongSymbol')) ?? message.name,
    length,
    senders: [...senders],
    comment,
    fd: format.endsWith('_FD') || (length > classicBytes && j1939 === 'no'),
    j1939,
    cycleMs: cycleOf(message, draft),
    attributes: shared(attributes),
    signals: signals.map(signalOf),
    line,
  }
}

/** Frames may be longer than their message is said to be, so that such a signal is kept. */
function checkReach(signal: DraftSignal, { name, length }: DraftMessage, draft: Draft): void {
  const bytes = bytesNeeded(signal)
  if (bytes > length)
    draft.report(signal.place, `signal "${signal.name}" takes ${bytes} bytes, got ${length} of message "${name}"`)
}

/** Written out, so that all signals share a shape. */
function signalOf(signal: DraftSignal): DbcSignal {
  const start = signal.attributes.get('GenSigStartValue')
  return {
    name: signal.name,
    start: signal.start,
    length: signal.length,
    bigEndian: signal.bigEndian,
    type: signal.type,
    factor: signal.factor,
    offset: signal.offset,
    decimals: signal.decimals,
    minimum: signal.minimum,
    maximum: signal.maximum,
    unit: signal.unit,
    receivers: signal.receivers,
    comment: signal.comment,
    labels: signal.labels,
    selects: signal.selects,
    selector: signal.selector,
    startValue: typeof start === 'number' ? start : undefined,
    attributes: shared(signal.attributes),
    line: signal.line,
  }
}

function frameFormatOf({ attributes }: DraftMessage, draft: Draft): string {
  return choiceOf(
    'VFrameFormat',
    attributes.get('VFrameFormat') ?? draft.definitions.get('VFrameFormat')?.initial,
    draft,
  )
}

function choiceOf(name: string, value: number | string | undefined, draft: Draft): string {
  if (typeof value !== 'number') return value ?? ''
  const choices = draft.definitions.get(name)?.choices ?? []
  return (choices.length > 0 ? choices : frameFormats)[value] ?? ''
}

/**
 * What the message says goes before what the network says. A frame format that is only the initial one proves little: files
 * of all kinds have it.
 */
function j1939Of({ attributes }: DraftMessage, draft: Draft, format: string): DbcMessage['j1939'] {
  const isFormat = format === 'J1939PG'
  if (attributes.has('VFrameFormat')) return isFormat ? 'yes' : 'no'
  const protocol = draft.attributes.get('ProtocolType') ?? draft.definitions.get('ProtocolType')?.initial ?? ''
  if (protocol !== '') return protocol === 'J1939' ? 'yes' : 'no'
  return isFormat ? 'likely' : 'no'
}

function cycleOf({ attributes }: DraftMessage, draft: Draft): number | undefined {
  const cycle = attributes.get('GenMsgCycleTime') ?? draft.definitions.get('GenMsgCycleTime')?.initial
  return typeof cycle === 'number' && cycle > 0 ? cycle : undefined
}

function textOf(value: number | string | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

const none: ReadonlyMap<string, number | string> = new Map()

/** Most have no attributes: those share one map. */
function shared(attributes: ReadonlyMap<string, number | string>): ReadonlyMap<string, number | string> {
  return attributes.size > 0 ? attributes : none
}
