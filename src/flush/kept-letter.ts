import { randomBytes } from 'node:crypto'

import type { EncodedEvents } from '../event/event.js'
import { type EventTime, toIsoText } from '../event/event-time.js'
import type { Letter } from './dead-letter.js'

/** A letter as a line of a file has it: the events of one chunk, or part of one. */
export interface KeptLetter {
  readonly id: string
  /** When it was given up: ISO 8601, in UTC. */
  readonly time: string
  readonly output: string
  readonly destination?: string
  readonly reason: string
  readonly message: string
  readonly attempts: number
  readonly tag: string
  readonly count: number
  /** Base64 of `[EventTime, record]` in msgpack, one behind the other. */
  readonly entries: string
}

/** A line of a file, with its newline; one that holds no letter is damaged. */
export interface LetterLine {
  /** Where it begins. */
  readonly offset: number
  readonly bytes: Buffer
  readonly letter: KeptLetter | undefined
}

const newline = 0x0a
/** Stands in the place of a line's first byte once the letter is dealt with. */
export const doneMark = 0x23

/** One for each chunk that the letter has events of. */
export function keptLetters({ events, ...about }: Letter, time: EventTime): KeptLetter[] {
  return events.map(({ tag, count, entries }) => {
    const base64 = Buffer.from(entries.buffer, entries.byteOffset, entries.length).toString('base64')
    return { id: randomBytes(6).toString('hex'), time: toIsoText(time), ...known(about), tag, count, entries: base64 }
  })
}

function known({
  destination,
  ...about
}: Omit<Letter, 'events'>): Omit<KeptLetter, 'id' | 'time' | 'tag' | 'count' | 'entries'> {
  const { output, ...others } = about
  return { output, ...(destination === undefined ? {} : { destination }), ...others }
}

export function eventsOf({ tag, count, entries }: KeptLetter): EncodedEvents {
  return { tag, count, entries: Buffer.from(entries, 'base64') }
}

/** The lines of a file that are not dealt with. */
export function* letterLines(file: Buffer): Generator<LetterLine> {
  for (let offset = 0; offset < file.length;) {
    const found = file.indexOf(newline, offset)
    const end = found < 0 ? file.length : found + 1
    const bytes = file.subarray(offset, end)
    if (bytes[0] !== doneMark && bytes[0] !== newline) yield { offset, bytes, letter: parsed(bytes) }
    offset = end
  }
}

function parsed(line: Buffer): KeptLetter | undefined {
  try {
    const value: unknown = JSON.parse(line.toString())
    return isLetter(value) ? value : undefined
  } catch {
    return undefined // half a line, as a power cut or a full disk leaves it
  }
}

const texts = ['id', 'time', 'output', 'reason', 'message', 'tag', 'entries'] as const
const numbers = ['attempts', 'count'] as const

function isLetter(value: unknown): value is KeptLetter {
  if (typeof value !== 'object' || value === null) return false
  const fields = value as Partial<Record<keyof KeptLetter, unknown>>
  return (
    texts.every((name) => typeof fields[name] === 'string') && numbers.every((name) => typeof fields[name] === 'number')
  )
}
