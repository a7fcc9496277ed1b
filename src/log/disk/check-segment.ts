import { dirname } from 'node:path'

import { AgentError } from '../../plugin/errors.js'
import { countEntries } from '../../event/entry-skipper.js'
import { checkSegmentHead } from './check-segment-head.js'
import { summaryDifference } from './check-summary.js'
import { type Frame, frameKind } from './frame.js'
import type { Damage } from './frame-reader.js'
import { findingOf, type Problem } from './problem.js'
import { SegmentFile } from './segment-file.js'
import { readSummary } from './segment-format.js'
import type { OpenedFile } from './sight.js'
import { type Step, walkSegment } from './walk.js'

export interface SegmentCheck {
  readonly problems: readonly Problem[]
  /** Bytes at the end of the newest segment that are no whole frame: being written, or cut short by a crash. */
  readonly torn: Damage | undefined
  readonly frames: number
  readonly events: number
  /** Sequence of its last chunk. */
  readonly last: number
}

/** Verifies every byte of a segment, and changes none. Chunks before `from` stand in an older segment, and are counted there. */
export async function checkSegment(checked: OpenedFile, from = 0): Promise<SegmentCheck> {
  const { file, size } = checked
  const head = await checkSegmentHead(checked)
  const check = new SegmentChecker(checked, head.first, from)
  if (head.isReadable) for await (const step of walkSegment(file, size)) check.take(step)
  const found = check.end()
  if (checked.isNewest && head.isTorn) return { ...found, torn: { at: 0, bytes: size } }
  return { ...found, problems: [...head.problems, ...found.problems] }
}

/** Takes the frames of a segment one after the other. */
class SegmentChecker {
  readonly #checked: OpenedFile
  readonly #first: number
  readonly #from: number
  readonly #held: SegmentFile
  /** What it holds that no older segment has. */
  readonly #own: SegmentFile
  #last: number
  readonly #problems: Problem[] = []
  /** Of these problems, those that nothing whole follows. */
  #tail: Problem[] = []
  #frames = 0
  #events = 0
  #damaged = false
  #summaryAt: number | undefined

  constructor(checked: OpenedFile, first: number, from: number) {
    this.#checked = checked
    this.#first = first
    this.#from = from
    this.#last = first - 1
    this.#held = new SegmentFile(dirname(checked.path), { run: '', first })
    this.#own = new SegmentFile(dirname(checked.path), { run: '', first }, from)
  }

  take(step: Step): void {
    if (step.kind !== 'frame') {
      this.#tail.push(this.#problem(step, findingOf(step)))
      return
    }
    this.#damaged ||= this.#tail.length > 0
    this.#problems.push(...this.#tail.splice(0))
    if (step.head.kind === frameKind.events) this.#takeChunk(step, step.frame)
    else if (step.head.kind === frameKind.summary) this.#takeSummary(step, step.frame)
  }

  end(): SegmentCheck {
    const [torn] = this.#tail
    const isTorn = this.#checked.isNewest && this.#summaryAt === undefined
    const problems = isTorn ? this.#problems : [...this.#problems, ...this.#tail]
    return {
      problems,
      torn: isTorn && torn ? { at: torn.at, bytes: this.#checked.size - torn.at } : undefined,
      frames: this.#frames,
      events: this.#events,
      last: this.#last,
    }
  }

  #takeChunk(place: Damage, frame: Frame): void {
    const last = this.#last
    const isFirst = last < this.#first && !this.#damaged
    if (this.#summaryAt !== undefined) this.#add(place, 'nothing behind the summary', `chunk ${frame.sequence}`)
    if (isFirst && frame.sequence !== this.#first)
      this.#add(place, `chunk ${this.#first}, as the head says`, `chunk ${frame.sequence}`)
    else if (frame.sequence <= last) this.#add(place, `a chunk behind ${last}`, `chunk ${frame.sequence}`)
    this.#checkEntries(place, frame)
    this.#last = Math.max(last, frame.sequence)
    this.#held.add(frame, frame.size)
    if (frame.sequence < this.#from) return
    this.#own.add(frame, frame.size)
    this.#frames++
    this.#events += frame.count
  }

  #checkEntries(place: Damage, { sequence, count, entries }: Frame): void {
    const expected = `chunk ${sequence} of ${count} events`
    try {
      const found = countEntries(entries)
      if (found !== count) this.#add(place, expected, `${found} events`)
    } catch (error) {
      if (!(error instanceof AgentError)) throw error
      this.#add(place, expected, error.message)
    }
  }

  #takeSummary(place: Damage, { entries }: Frame): void {
    if (this.#summaryAt !== undefined) this.#add(place, 'one summary', 'another one')
    this.#summaryAt = place.at
    const body = Buffer.from(entries)
    const length = body.length < 4 ? -1 : body.readUInt32BE(body.length - 4)
    if (length !== place.bytes)
      return this.#add(place, `a summary that ends with its size, ${place.bytes}`, String(length))
    // Of damaged frames the summary knows more than can be read.
    if (this.#damaged) return
    const said = readSummary(body)
    const difference = summaryDifference(this.#held.summary, said)
    // One that was made anew at a start counts what no older segment has.
    if (difference && summaryDifference(this.#own.summary, said)) this.#add(place, difference.expected, difference.got)
  }

  #add(place: Damage, expected: string, got: string): void {
    this.#problems.push(this.#problem(place, { expected, got }))
  }

  #problem({ at, bytes }: Damage, finding: Pick<Problem, 'expected' | 'got'>): Problem {
    return { path: this.#checked.path, at, bytes, ...finding }
  }
}
