import { skipEntries } from '../event/cut-entries.js'
import type { EncodedEvents } from '../event/event.js'
import { messageOf } from '../plugin/errors.js'
import type { GivenUp } from './bisection.js'
import type { Letter } from './dead-letter.js'
import type { Flight } from './flight.js'

/** What a chunk lost: how many of its events, and why the last of them. */
export interface Loss {
  readonly count: number
  readonly reason: string
}

/** What becomes of a batch whose every event is delivered or given up. */
export interface Settlement {
  readonly letters: readonly Omit<Letter, 'output' | 'destination'>[]
  /** One for each chunk, in order. */
  readonly losses: readonly Loss[]
}

interface Lost {
  readonly why: GivenUp
  readonly events: EncodedEvents
}

/** Cuts the events that were given up out of their chunks. */
export function settlementOf({ chunks, bisection }: Pick<Flight, 'chunks' | 'bisection'>): Settlement {
  const givenUp = joined(bisection.givenUp)
  const letters = new Map<GivenUp, EncodedEvents[]>()
  let begin = 0
  const losses = chunks.map((chunk) => {
    const lost = cutOrWhole(chunk, begin, givenUp)
    begin += chunk.count
    for (const { why, events } of lost) letters.set(why, [...(letters.get(why) ?? []), events])
    return { count: lost.reduce((sum, { events }) => sum + events.count, 0), reason: lost.at(-1)?.why.reason ?? '' }
  })
  return { letters: Array.from(letters, ([why, events]) => letterOf(why, events)), losses }
}

function letterOf({ reason, message, attempts }: GivenUp, events: EncodedEvents[]): Settlement['letters'][number] {
  return { reason, message, attempts, events }
}

/** A chunk that cannot be cut, since its bytes are no events, is lost as a whole. */
function cutOrWhole({ tag, entries, count }: EncodedEvents, begin: number, givenUp: readonly GivenUp[]): Lost[] {
  try {
    return [...cutOut({ tag, entries, count }, begin, givenUp)]
  } catch (error) {
    const attempts = givenUp.at(-1)?.attempts ?? 0
    const why = { first: begin, count, reason: 'corrupt', message: messageOf(error), attempts }
    return [{ why, events: { tag, entries, count } }]
  }
}

/** The events of one chunk that were given up. The chunk is walked through once. */
function* cutOut({ tag, entries, count }: EncodedEvents, begin: number, givenUp: readonly GivenUp[]): Generator<Lost> {
  let [event, at] = [0, 0]
  for (const why of givenUp) {
    const low = Math.max(why.first - begin, 0)
    const high = Math.min(why.first + why.count - begin, count)
    if (low >= high) continue
    const start = skipEntries(entries, at, low - event)
    const end = high === count ? entries.length : skipEntries(entries, start, high - low)
    yield { why, events: { tag, entries: entries.subarray(start, end), count: high - low } }
    ;[event, at] = [high, end]
  }
}

/** Neighbours that share all but their places are one. */
function joined(givenUp: readonly GivenUp[]): GivenUp[] {
  const all: GivenUp[] = []
  for (const next of givenUp) {
    const last = all.at(-1)
    if (last && isContinued(last, next)) all[all.length - 1] = { ...last, count: last.count + next.count }
    else all.push(next)
  }
  return all
}

function isContinued(last: GivenUp, next: GivenUp): boolean {
  const same = (['reason', 'message', 'attempts'] as const).every((key) => last[key] === next[key])
  return same && last.first + last.count === next.first
}

/** How many events the letters hold for each reason, with the first message of it. */
export function tallied(letters: Settlement['letters']): Iterable<Loss & { readonly message: string }> {
  const tallies = new Map<string, Loss & { readonly message: string }>()
  for (const { reason, message: last, events } of letters) {
    const { count, message } = tallies.get(reason) ?? { count: 0, message: last }
    tallies.set(reason, { reason, message, count: events.reduce((sum, each) => sum + each.count, count) })
  }
  return tallies.values()
}
