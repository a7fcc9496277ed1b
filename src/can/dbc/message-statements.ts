import type { SignalType } from './dbc.js'
import type { Draft, DraftSignal } from './draft.js'
import {
  acceptMark,
  acceptText,
  acceptWord,
  excerpt,
  swallowsStatements,
  takeCount,
  takeMark,
  takeName,
  takeNumber,
  takeWord,
  tokenText,
} from './expect.js'
import { Fault } from './fault.js'
import { identifierOf, isIndependent, lacksExtendedFlag } from './identifier.js'
import type { Scanner } from './scanner.js'

/** Units of `largestDraft`. */
const messageUnits = 16
const signalUnits = 8

/** A J1939 message over several frames has no more (SAE J1939-21, 5.10.1.1); no frame has more than 64. */
const longestMessage = 1785

/** A decimal of so many digits comes back from a double as it went in. */
const safeDigits = 15

/** Bits of the longest signal: all of a frame. */
const longestSignal = 512

/** `BO_ number name: length sender` */
export function readMessage(scanner: Scanner, draft: Draft): void {
  draft.beginNone()
  const place = scanner.start
  const number = takeCount(scanner, 'the number of a message')
  const identifier = identifierOf(number)
  draft.beginNone(identifier)
  const name = takeName(scanner, 'the name of a message')
  takeMark(scanner, ':')
  const length = takeCountWithin(scanner, 'a length in bytes', 0, longestMessage)
  const sender = acceptWord(scanner)
  if (isIndependent(number, name)) return
  if (!identifier) throw new Fault(place, `expected an identifier of 11 or 29 bits, got ${number}`)
  if (lacksExtendedFlag(number))
    draft.report(place, `identifier ${number} is taken for one of 29 bits, though bit 31 is not set`)
  draft.spend(messageUnits, place)
  draft.begin({
    ...identifier,
    name,
    length,
    senders: new Set(nodesOf(sender === undefined ? [] : [sender])),
    comment: '',
    line: place.line,
    place,
    attributes: new Map(),
    signals: [],
    byName: new Map(),
  })
}

/** `SG_ name [M | mN | mNM] : start|length@order sign (factor,offset) [minimum|maximum] "unit" receiver, receiver` */
export function readSignal(scanner: Scanner, draft: Draft): void {
  const place = scanner.start
  const name = takeName(scanner, 'the name of a signal')
  const { group, selects } = multiplexingOf(scanner)
  takeMark(scanner, ':')
  const { start, length, bigEndian, type } = readLayout(scanner, draft)
  const { factor, offset, decimals } = readScale(scanner, draft)
  const { minimum, maximum } = readBounds(scanner, draft)
  const openUnit = scanner.isOpen || swallowsStatements(scanner) ? scanner.start : undefined
  const unit = openUnit ? '' : readUnit(scanner, draft)
  const receivers = openUnit ? [] : readReceivers(scanner)
  draft.spend(signalUnits, place)
  draft.addSignal({
    name,
    start,
    length,
    bigEndian,
    type,
    factor,
    offset,
    decimals,
    minimum,
    maximum,
    unit,
    receivers,
    group,
    selects,
    comment: '',
    labels: noLabels,
    selector: undefined,
    startValue: undefined,
    attributes: new Map(),
    line: place.line,
    place,
  })
  if (openUnit) throw new Fault(openUnit, 'expected a quote at the end of this unit')
}

const noLabels: ReadonlyMap<number | bigint, string> = new Map()

/** The name that stands for no node. */
const noNode = 'Vector__XXX'

export function nodesOf(names: readonly string[]): readonly string[] {
  return names.filter((name) => name !== noNode)
}

function multiplexingOf(scanner: Scanner): Pick<DraftSignal, 'group' | 'selects'> {
  const place = scanner.start
  const word = acceptWord(scanner)
  if (word === undefined) return { group: undefined, selects: false }
  const [, group, selects] = /^(?:m(\d+))?(M?)$/.exec(word) ?? []
  if (selects === undefined) throw new Fault(place, `expected ":", M, mN or mNM, got ${excerpt(word)}`)
  return { group: group === undefined ? undefined : Number(group), selects: selects === 'M' }
}

function readLayout(scanner: Scanner, draft: Draft): Pick<DraftSignal, 'start' | 'length' | 'bigEndian' | 'type'> {
  const start = takeCountWithin(scanner, 'a start bit', 0, longestMessage * 8 - 1)
  takeMark(scanner, '|')
  const length = takeCountWithin(scanner, 'a length in bits', 1, longestSignal)
  takeMark(scanner, '@')
  return { start, length, ...readOrder(scanner, draft) }
}

function takeCountWithin(scanner: Scanner, what: string, least: number, most: number): number {
  const place = scanner.start
  const count = takeCount(scanner, what)
  if (count < least || count > most) throw new Fault(place, `expected ${what} from ${least} to ${most}, got ${count}`)
  return count
}

/** 0 is big-endian, 1 little-endian; + is unsigned, - signed. */
function readOrder(scanner: Scanner, draft: Draft): { readonly bigEndian: boolean; readonly type: SignalType } {
  const place = scanner.start
  let order = takeWord(scanner, 'a byte order')
  if (order.length === 1) order += acceptSign(scanner)
  const [, digit, sign] = /^([01])([+-]?)$/.exec(order) ?? []
  if (digit === undefined) throw new Fault(place, `expected a byte order and a sign such as 1+, got ${excerpt(order)}`)
  if (sign === '') draft.report(place, 'there is no sign: the signal is taken for unsigned')
  return { bigEndian: digit === '0', type: sign === '-' ? 'signed' : 'unsigned' }
}

function acceptSign(scanner: Scanner): string {
  return scanner.kind === 'word' && (scanner.text === '+' || scanner.text === '-') ? takeWord(scanner, 'a sign') : ''
}

function readScale(scanner: Scanner, draft: Draft): Pick<DraftSignal, 'factor' | 'offset' | 'decimals'> {
  takeMark(scanner, '(')
  const place = scanner.start
  const factorText = scanner.text
  const factor = takeNumber(scanner, 'a factor')
  takeMark(scanner, ',')
  const offsetText = scanner.text
  const offset = takeNumber(scanner, 'an offset')
  takeMark(scanner, ')')
  if (factor === 0) draft.report(place, 'the factor is 0: all values are the same')
  const isLong = factorText.length > safeDigits || offsetText.length > safeDigits
  return { factor, offset, decimals: isLong ? { factor: factorText, offset: offsetText } : undefined }
}

type Bounds = Pick<DraftSignal, 'minimum' | 'maximum'>

const noBounds: Bounds = { minimum: undefined, maximum: undefined }

/** Nothing depends on the bounds: what can't be read of them is reported, and the signal kept. */
function readBounds(scanner: Scanner, draft: Draft): Bounds {
  const place = scanner.start
  if (!acceptMark(scanner, '[')) {
    draft.report(place, 'there are no bounds such as [0|255]')
    return noBounds
  }
  const minimum = readBound(scanner, draft)
  const isPair = acceptMark(scanner, '|')
  const maximum = isPair ? readBound(scanner, draft) : undefined
  if (!isPair || !acceptMark(scanner, ']')) return skipBounds(scanner, draft)
  if (minimum !== undefined && maximum !== undefined && minimum > maximum)
    draft.report(place, `the minimum ${minimum} is above the maximum ${maximum}`)
  return { minimum, maximum }
}

/** Goes on behind the bracket, or where the unit or another line begins. */
function skipBounds(scanner: Scanner, draft: Draft): Bounds {
  draft.report(scanner.start, `expected bounds such as [0|255], got ${tokenText(scanner)}`)
  while (!acceptMark(scanner, ']')) {
    if (scanner.startsLine || scanner.kind === 'text' || scanner.kind === 'end') break
    scanner.next()
  }
  return noBounds
}

function readBound(scanner: Scanner, draft: Draft): number | undefined {
  if (scanner.kind === 'mark') return undefined
  const place = scanner.start
  const word = takeWord(scanner, 'a bound')
  const value = Number(word)
  if (Number.isFinite(value)) return value
  draft.report(place, `expected a number as bound, got ${excerpt(word)}`)
  return undefined
}

function readUnit(scanner: Scanner, draft: Draft): string {
  const place = scanner.start
  const unit = acceptText(scanner)
  if (unit === undefined) draft.report(place, 'there is no unit in quotes')
  return unit ?? ''
}

/** Names between commas or blanks, up to the end of the line; behind a comma they go on. */
function readReceivers(scanner: Scanner): readonly string[] {
  const receivers: string[] = []
  let goesOn = !scanner.startsLine
  while (goesOn) {
    const name = acceptWord(scanner)
    if (name !== undefined) receivers.push(name)
    const isComma = acceptMark(scanner, ',')
    goesOn = (name !== undefined || isComma) && (isComma || !scanner.startsLine)
  }
  return nodesOf(receivers)
}
