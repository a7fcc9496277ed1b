import { hasItsSum } from './checkpoint-text.js'
import type { Problem } from './disk/problem.js'

type Fields = { readonly [name: string]: unknown }
type Finding = Pick<Problem, 'expected' | 'got'>

const knownVersion = 1

/** What is wrong with the text of a checkpoint, each finding by its place in it. */
export function checkCheckpoint(text: string): readonly Finding[] {
  const checkpoint = parsed(text)
  if (!isFields(checkpoint)) return [{ expected: 'a JSON object', got: quoted(text) }]
  const found = checkFields(checkpoint)
  if (found.length > 0 || hasItsSum(text)) return found
  return [wrong('sum: the CRC-32 of what stands before it', checkpoint['sum'])]
}

function checkFields(checkpoint: Fields): readonly Finding[] {
  const { version, clean, lanes, ledger } = checkpoint
  if (version !== knownVersion) {
    const { expected, got } = wrong(`version: ${knownVersion}`, version)
    return [{ expected, got: Number(version) > knownVersion ? `${got}, of a newer Sluice` : got }]
  }
  return [
    ...(typeof clean === 'boolean' ? [] : [wrong('clean: true or false', clean)]),
    ...(isFields(ledger) ? checkLedger(ledger) : [wrong('ledger: an object', ledger)]),
    ...(isFields(lanes) ? eachField(lanes, checkLane) : [wrong('lanes: an object', lanes)]),
  ]
}

function checkLedger(ledger: Fields): readonly Finding[] {
  return ['inputs', 'filters', 'outputs'].flatMap((kind) => {
    const figures = ledger[kind]
    const isGood = isFields(figures) && Object.values(figures).every(isFields)
    return isGood ? [] : [wrong(`ledger.${kind}: figures by ids`, figures)]
  })
}

function checkLane(name: string, lane: unknown): readonly Finding[] {
  const where = `lanes.${name}`
  if (!isFields(lane)) return [wrong(`${where}: an object`, lane)]
  const { next, cursors } = lane
  if (!isSequence(next)) return [wrong(`${where}.next: a sequence`, next)]
  if (!isFields(cursors)) return [wrong(`${where}.cursors: an object`, cursors)]
  return eachField(cursors, (id, cursor) => checkCursor(`${where}.cursors.${id}`, cursor, next))
}

function checkCursor(where: string, cursor: unknown, next: number): readonly Finding[] {
  if (!isFields(cursor)) return [wrong(`${where}: an object`, cursor)]
  const { position, settled } = cursor
  if (!isSequence(position) || position > next) return [wrong(`${where}.position: a sequence up to ${next}`, position)]
  return areRanges(settled, position, next)
    ? []
    : [wrong(`${where}.settled: ranges in order from ${position} to ${next}`, settled)]
}

/** Pairs of where a range begins and where it ends, apart from each other. */
function areRanges(settled: unknown, from: number, to: number): boolean {
  if (!Array.isArray(settled)) return false
  let before = from
  for (const range of settled as readonly unknown[]) {
    const [begin, end] = Array.isArray(range) && range.length === 2 ? (range as readonly unknown[]) : []
    if (!isSequence(begin) || !isSequence(end) || begin < before || end <= begin || end > to) return false
    before = end
  }
  return true
}

function eachField(fields: Fields, check: (name: string, value: unknown) => readonly Finding[]): readonly Finding[] {
  return Object.entries(fields).flatMap(([name, value]) => check(name, value))
}

function wrong(expected: string, got: unknown): Finding {
  return { expected, got: got === undefined ? 'none' : quoted(JSON.stringify(got)) }
}

function quoted(text: string): string {
  return text === '' ? 'nothing' : text.length > 60 ? `${text.slice(0, 60)}…` : text
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // said as what was found in place of an object
  }
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isSequence(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}
