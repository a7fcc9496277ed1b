import type { SignalType } from './dbc.js'
import type { Draft } from './draft.js'
import {
  acceptMark,
  acceptRaw,
  acceptText,
  acceptWord,
  excerpt,
  takeCount,
  takeName,
  takeText,
  takeWord,
} from './expect.js'
import { Fault } from './fault.js'
import type { Scanner } from './scanner.js'

type Labels = Map<number | bigint, string>

/** `VAL_TABLE_ name raw "text" … ;` */
export function readTable(scanner: Scanner, draft: Draft): void {
  const name = takeWord(scanner, 'the name of a table')
  const labels: Labels = new Map()
  draft.tables.set(name, labels)
  readLabels(scanner, draft, labels)
}

/** `VAL_ number signal raw "text" … ;`, or the name of a table instead; `VAL_ variable …` is of an environment variable. */
export function readValues(scanner: Scanner, draft: Draft): void {
  const place = scanner.start
  if (!/^\d/.test(scanner.text)) return skipVariable(scanner, draft)
  const number = takeCount(scanner, 'the number of a message')
  const name = takeName(scanner, 'the name of a signal')
  const labels: Labels = new Map()
  const table = tableOf(scanner, draft)
  try {
    if (!table) readLabels(scanner, draft, labels)
  } finally {
    // What was read before a fault is kept: the label of one value is of use without its neighbours.
    for (const signal of draft.signalsOf(number, name, place)) signal.labels = table ?? labels
  }
}

function skipVariable(scanner: Scanner, draft: Draft): void {
  takeWord(scanner, 'the number of a message or the name of a variable')
  readLabels(scanner, draft, new Map())
}

function tableOf(scanner: Scanner, draft: Draft): ReadonlyMap<number | bigint, string> | undefined {
  if (scanner.kind !== 'word' || /^[+-]?\d/.test(scanner.text)) return undefined
  const place = scanner.start
  const name = acceptWord(scanner)
  if (name === undefined) return undefined
  const table = draft.tables.get(name)
  if (!table) throw new Fault(place, `expected a raw value or the name of a table, got ${excerpt(name)}`)
  return table
}

function readLabels(scanner: Scanner, draft: Draft, labels: Labels): void {
  for (;;) {
    const place = scanner.start
    const raw = acceptRaw(scanner)
    if (raw === undefined) return
    const text = takeText(scanner, `the text of value ${raw}`)
    draft.spend(1 + (text.length >> 7), place)
    labels.set(raw, text)
    acceptMark(scanner, ',')
  }
}

/** `SIG_VALTYPE_ number signal : type;`, 1 for IEEE 754 of 32 bits, 2 for 64. */
export function readValueType(scanner: Scanner, draft: Draft): void {
  const place = scanner.start
  const number = takeCount(scanner, 'the number of a message')
  const name = takeName(scanner, 'the name of a signal')
  acceptMark(scanner, ':')
  const type = takeCount(scanner, 'a type of value')
  if (type === 0) return
  const bits = type * 32
  if (bits !== 32 && bits !== 64) throw new Fault(place, `expected the type of value 0, 1 or 2, got ${type}`)
  for (const signal of draft.signalsOf(number, name, place)) {
    signal.type = floatTypes.get(signal.length) ?? signal.type
    if (signal.length === bits) continue
    const taken = `which is taken for ${floatTypes.has(signal.length) ? `a ${signal.type}` : 'an integer'}`
    draft.report(place, `${floatTypes.get(bits)} takes ${bits} bits, got ${signal.length} of "${name}", ${taken}`)
  }
}

/** By their bits, which say more than the type where both differ: the bits must be right, or nothing else is. */
const floatTypes: ReadonlyMap<number, SignalType> = new Map([
  [32, 'float'],
  [64, 'double'],
])

/** `SG_MUL_VAL_ number signal selector least-greatest, least-greatest;` */
export function readSelector(scanner: Scanner, draft: Draft): void {
  const place = scanner.start
  const number = takeCount(scanner, 'the number of a message')
  const name = takeName(scanner, 'the name of a signal')
  const selector = takeName(scanner, 'the name of the signal that selects it')
  const ranges: (readonly [number, number])[] = []
  for (let range = acceptRange(scanner); range; range = acceptRange(scanner)) {
    draft.spend(1, place)
    ranges.push(range)
    acceptMark(scanner, ',')
  }
  const message = draft.messageOf(number, place)
  if (!message) return
  if (ranges.length === 0) throw new Fault(place, 'expected ranges such as 1-3, got none')
  const selecting = draft.signalsOf(number, selector, place)
  for (const signal of draft.signalsOf(number, name, place)) signal.selector = { signal: selector, ranges }
  for (const signal of selecting) signal.selects = true
}

/** `1-3`, also with blanks in it; a single number is a range of its own. */
function acceptRange(scanner: Scanner): readonly [number, number] | undefined {
  const place = scanner.start
  let text = acceptWord(scanner)
  if (text === undefined) return undefined
  if (scanner.kind === 'word' && scanner.text.startsWith('-')) text += takeWord(scanner, 'a range')
  if (scanner.kind === 'word' && text.endsWith('-')) text += takeWord(scanner, 'a range')
  const [, least, greatest] = /^(\d+)(?:-(\d+))?$/.exec(text) ?? []
  if (least === undefined) throw new Fault(place, `expected a range such as 1-3, got ${excerpt(text)}`)
  return [Number(least), Number(greatest ?? least)]
}

/** `BO_TX_BU_ number : node, node;`: more nodes that send a message. */
export function readSenders(scanner: Scanner, draft: Draft): void {
  const place = scanner.start
  const number = takeCount(scanner, 'the number of a message')
  acceptMark(scanner, ':')
  const message = draft.messageOf(number, place)
  for (let name = acceptWord(scanner); name !== undefined; name = acceptWord(scanner)) {
    draft.spend(1, place)
    message?.senders.add(name)
    acceptMark(scanner, ',')
  }
}

/** `CM_ [BU_ node | BO_ number | SG_ number signal | EV_ variable] "text";` */
export function readComment(scanner: Scanner, draft: Draft): void {
  const place = scanner.start
  const kind = scanner.kind === 'word' ? scanner.text : ''
  if (kind !== '') scanner.next()
  if (kind === '') draft.comment = takeText(scanner, 'a comment')
  else if (kind === 'BO_') commentMessage(scanner, draft)
  else if (kind === 'SG_') commentSignal(scanner, draft)
  else if (kind !== 'BU_' && kind !== 'EV_')
    throw new Fault(place, `expected BU_, BO_, SG_, EV_ or a text, got ${excerpt(kind)}`)
  else {
    takeWord(scanner, 'a name')
    takeText(scanner, 'a comment')
  }
}

function commentMessage(scanner: Scanner, draft: Draft): void {
  const place = scanner.start
  const number = takeCount(scanner, 'the number of a message')
  const comment = takeText(scanner, 'a comment')
  const message = draft.messageOf(number, place)
  if (message) message.comment = comment
}

function commentSignal(scanner: Scanner, draft: Draft): void {
  const place = scanner.start
  const number = takeCount(scanner, 'the number of a message')
  const name = takeName(scanner, 'the name of a signal')
  const comment = takeText(scanner, 'a comment')
  for (const signal of draft.signalsOf(number, name, place)) signal.comment = comment
}

/** `VERSION "text"` */
export function readVersion(scanner: Scanner, draft: Draft): void {
  draft.version = acceptText(scanner) ?? ''
}

/** `BU_: node node` */
export function readNodes(scanner: Scanner, draft: Draft): void {
  acceptMark(scanner, ':')
  const place = scanner.start
  for (let name = acceptWord(scanner); name !== undefined; name = acceptWord(scanner)) {
    draft.spend(1, place)
    draft.nodes.push(name)
    acceptMark(scanner, ',')
  }
}
