import { readAttribute, readDefinition, readInitial } from './attribute-statements.js'
import type { Dbc } from './dbc.js'
import { Draft } from './draft.js'
import { acceptMark, swallowsStatements, tokenText } from './expect.js'
import { Fault } from './fault.js'
import { finish } from './finish.js'
import { keywords } from './keywords.js'
import { readMessage, readSignal } from './message-statements.js'
import { type Place, Scanner } from './scanner.js'
import {
  readComment,
  readNodes,
  readSelector,
  readSenders,
  readTable,
  readValues,
  readValueType,
  readVersion,
} from './value-statements.js'

/** A file that is longer is not read; those of whole cars have about 5 MiB. */
const largestFile = 64 * 1024 * 1024

type Statement = (scanner: Scanner, draft: Draft) => void

/** Statements that end with their line, or where the next begins. */
const openStatements: ReadonlyMap<string, Statement> = new Map([
  ['VERSION', readVersion],
  ['NS_', skipLine],
  ['BS_', skipLine],
  ['BU_', readNodes],
  ['BO_', readMessage],
  ['SG_', readSignal],
])

/** Statements that end with a semicolon. */
const closedStatements: ReadonlyMap<string, Statement> = new Map([
  ['BO_TX_BU_', readSenders],
  ['CM_', readComment],
  ['BA_DEF_', readDefinition],
  ['BA_DEF_DEF_', readInitial],
  ['BA_', readAttribute],
  ['VAL_TABLE_', readTable],
  ['VAL_', readValues],
  ['SIG_VALTYPE_', readValueType],
  ['SG_MUL_VAL_', readSelector],
])

/**
 * Reads a DBC file (Vector, "DBC File Format Documentation" 1.0). It never throws for what is in it: what can't be read is
 * left out and stands among the problems, a signal alone where the rest of its message is readable. Its cost grows with the
 * length of the file, whatever is in it, and what it keeps of a hostile file is bounded.
 */
export function parseDbc(bytes: Uint8Array, file: string): Dbc {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  const scanner = new Scanner(all.length > largestFile ? all.subarray(0, 0) : all)
  const draft = new Draft((place) => scanner.columnOf(place))
  if (all.length > largestFile) draft.report(scanner.start, `expected at most ${largestFile} bytes, got ${all.length}`)
  const rewinds = { left: all.length * 2 }
  while (scanner.kind !== 'end') readStatement(scanner, draft, rewinds)
  return finish(draft, file)
}

/** Bytes that may still be read again after a text that went on over the statements behind it. */
interface Rewinds {
  left: number
}

function readStatement(scanner: Scanner, draft: Draft, rewinds: Rewinds): void {
  const { start, text: keyword, kind } = scanner
  try {
    if (acceptMark(scanner, ';')) return
    if (kind !== 'word' || !keywords.has(keyword))
      throw new Fault(start, `expected a statement, got ${tokenText(scanner)}`)
    scanner.next()
    if (!isListed(scanner)) readKnown(keyword, scanner, draft, rewinds)
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    draft.report(error.place, `${keywords.has(keyword) ? `${keyword}: ` : ''}${error.message}`)
    recover(scanner, start, rewinds)
  }
}

/** The list of `NS_` names keywords alone on their lines. */
function isListed(scanner: Scanner): boolean {
  return scanner.startsLine && (scanner.kind === 'end' || isKeyword(scanner))
}

function readKnown(keyword: string, scanner: Scanner, draft: Draft, rewinds: Rewinds): void {
  const open = openStatements.get(keyword)
  const closed = closedStatements.get(keyword)
  if (open) open(scanner, draft)
  else if (closed) closed(scanner, draft)
  else skipStatement(scanner, rewinds)
  if (acceptMark(scanner, ';')) return
  if (!(scanner.kind === 'end' || isKeyword(scanner) || (open && scanner.startsLine)))
    throw new Fault(scanner.start, `expected ";", got ${tokenText(scanner)}`)
  if (!open) draft.report(scanner.previousEnd, `${keyword}: there is no ";" at its end`)
}

/**
 * Goes on at the next statement: behind this one, where that was read to its end. Else it may have swallowed others, by a
 * text without an end, so that the next is looked for in the lines behind that on which this one began.
 */
function recover(scanner: Scanner, start: Place, rewinds: Rewinds): void {
  if (!isAtEnd(scanner) && scanner.endLine > start.line) rewind(scanner, start, rewinds)
  while (!isAtEnd(scanner)) if (!swallowsStatements(scanner) || !rewind(scanner, scanner.start, rewinds)) scanner.next()
  acceptMark(scanner, ';')
}

/** Goes back to the line behind that of a place; false where enough was read again. */
function rewind(scanner: Scanner, place: Place, rewinds: Rewinds): boolean {
  const passed = scanner.start.at - place.at + scanner.text.length
  if (passed > rewinds.left) return false
  rewinds.left -= passed
  scanner.rewindToLineAfter(place)
  return true
}

/** A text in which statements begin is one that was not ended where it should. */
function skipStatement(scanner: Scanner, rewinds: Rewinds): void {
  while (!isAtEnd(scanner)) if (!swallowsStatements(scanner) || !rewind(scanner, scanner.start, rewinds)) scanner.next()
}

/** At a semicolon, or a keyword that begins a line. */
function isAtEnd(scanner: Scanner): boolean {
  return scanner.kind === 'end' || (scanner.startsLine && isKeyword(scanner)) || isSemicolon(scanner)
}

/** `NS_ :` and `BS_:`, and words behind them. */
function skipLine(scanner: Scanner): void {
  acceptMark(scanner, ':')
  while (scanner.kind === 'word' && !scanner.startsLine) scanner.next()
}

function isKeyword(scanner: Scanner): boolean {
  return scanner.kind === 'word' && keywords.has(scanner.text)
}

function isSemicolon(scanner: Scanner): boolean {
  return scanner.kind === 'mark' && scanner.text === ';'
}
