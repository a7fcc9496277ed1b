import { matcherOf } from '../../engine/dead-letter-request.js'
import { added, countOf, type LetterCount, readLetters } from '../../flush/dead-letter-folder.js'
import type { KeptLetter } from '../../flush/kept-letter.js'
import type { LetterTest } from '../../flush/take-letters.js'
import { counted } from '../../base/counted.js'
import { type ExitCode, exitCodes } from '../exit-codes.js'
import type { Terminal } from '../terminal.js'
import { type DeadArguments, noneText } from './dead-arguments.js'

/** Letters of one output that were given up for one reason. */
interface Group {
  readonly output: string
  readonly reason: string
  readonly count: LetterCount
  readonly first: string
  readonly last: string
  readonly message: string
}

const longestMessage = 120

/** What there is of the dead letter. */
interface Listing {
  readonly groups: readonly Group[]
  /** On their way back to their outputs. */
  readonly replays: LetterCount
  /** Lines that cannot be read. */
  readonly damaged: number
}

/** `sluice log dead ls`: how much there is, and why. */
export async function listLetters({ folder, filters, json }: DeadArguments, terminal: Terminal): Promise<ExitCode> {
  const listing = await listingOf(folder, matcherOf(filters))
  if (json) terminal.out(JSON.stringify(listingJson(listing), undefined, 2))
  else show(listing, noneText(filters), terminal)
  return exitCodes.ok
}

export function tellDamaged(damaged: number, terminal: Terminal): void {
  if (damaged > 0) terminal.err(`${counted(damaged, 'damaged line')} left out`)
}

async function listingOf(folder: string, matches: LetterTest): Promise<Listing> {
  const groups = new Map<string, Group>()
  let damaged = 0
  for await (const file of readLetters(folder, 'letters', matches)) {
    damaged += file.damaged
    for (const letter of file.letters) {
      const key = JSON.stringify([letter.output, letter.reason])
      groups.set(key, withLetter(groups.get(key), letter))
    }
  }
  let replays: LetterCount = { letters: 0, events: 0 }
  for await (const { letters } of readLetters(folder, 'replay', matches)) replays = added(replays, countOf(letters))
  return { groups: [...groups.values()].sort(byOutput), replays, damaged }
}

function show({ groups, replays, damaged }: Listing, none: string, terminal: Terminal): void {
  if (groups.length > 0) terminal.out(terminal.outTable([head, ...groups.map(rowOf)]))
  else if (replays.letters === 0) terminal.err(none)
  if (replays.letters > 0)
    terminal.err(`${counted(replays.events, 'event')} in ${counted(replays.letters, 'letter')} to be replayed`)
  tellDamaged(damaged, terminal)
}

/** The same for programs, with all of the messages. */
function listingJson({ groups, replays, damaged }: Listing): object {
  const dead = groups.map(({ output, reason, count, first, last, message }) => {
    return { output, reason, ...count, first, last, message }
  })
  return { dead, replays, damaged }
}

function withLetter(group: Group | undefined, letter: KeptLetter): Group {
  const { output, reason, time } = letter
  const { count, first, last } = group ?? { count: { letters: 0, events: 0 }, first: time, last: time }
  const isLast = group === undefined || time >= last
  return {
    output,
    reason,
    count: added(count, countOf([letter])),
    first: time < first ? time : first,
    last: isLast ? time : last,
    message: isLast ? letter.message : group.message,
  }
}

const head = ['output', 'reason', 'letters', 'events', 'first', 'last', 'last message']

function rowOf({ output, reason, count, first, last, message }: Group): string[] {
  return [
    output,
    reason,
    String(count.letters),
    String(count.events),
    toSeconds(first),
    toSeconds(last),
    oneLine(message),
  ]
}

function byOutput(one: Group, other: Group): number {
  const [key, otherKey] = [`${one.output} ${one.reason}`, `${other.output} ${other.reason}`]
  return key < otherKey ? -1 : 1
}

function toSeconds(time: string): string {
  return time.replace(/\.\d+Z$/, 'Z')
}

/** A server's own words may be part of a message: nothing in them may steer the terminal. */
function oneLine(message: string): string {
  const plain = message.replace(/\p{Cc}+/gu, ' ')
  return plain.length > longestMessage ? `${plain.slice(0, longestMessage)}…` : plain
}
