import { open } from 'node:fs/promises'

import { removeFile, syncData } from '../base/durable-file.js'
import { unlessAborted } from '../base/unless-aborted.js'
import type { Logger } from '../plugin/context.js'
import { messageOf, PermanentError } from '../plugin/errors.js'
import { countOf, letterFiles, linesOf } from './dead-letter-folder.js'
import type { DeadLetterStore } from './dead-letter-store.js'
import { doneMark, type KeptLetter, type LetterLine } from './kept-letter.js'

export interface ReplayParts {
  readonly folder: string
  readonly store: DeadLetterStore
  readonly log: Logger
  /**
   * Hands a letter's events back to the output that gave them up, and to no other. Resolves once they are safe; a
   * PermanentError, such as for an output that is no more, returns the letter to the dead letter; others mean: again later.
   */
  readonly replay: (letter: KeptLetter) => Promise<void>
}

interface Line extends LetterLine {
  readonly letter: KeptLetter
}

/** Letters that are handed back at once, so that they share the syncs of the log. */
const handedTogether = 64

/**
 * Hands back the letters of `replay-N.jsonl`, oldest first. Lines that are dealt with are marked in their files, and a file goes
 * with its last line: a crash in between repeats what was not marked yet, and loses nothing. False where some are left for later.
 */
export async function replayFiles(parts: ReplayParts, signal: AbortSignal): Promise<boolean> {
  for (const { path } of await letterFiles(parts.folder, 'replay')) {
    if (!(await replayFile(path, parts, signal))) return false
  }
  return true
}

async function replayFile(path: string, parts: ReplayParts, signal: AbortSignal): Promise<boolean> {
  const all = await linesOf(path)
  const lines = all.filter((line): line is Line => line.letter !== undefined)
  while (lines.length > 0) {
    if (signal.aborted || !(await replayTogether(path, lines.splice(0, handedTogether), parts, signal))) return false
  }
  const damaged = all.filter(({ letter }) => !letter).length
  if (damaged > 0) parts.log.warn(`${path}: ${damaged} lines cannot be read, and are gone`)
  await removeFile(path)
  return true
}

interface Outcome {
  readonly line: Line
  readonly error?: unknown
}

/** True once all of them are dealt with. Of those whose outcome a stop cuts short, some may be safe: they are repeated. */
async function replayTogether(path: string, lines: Line[], parts: ReplayParts, signal: AbortSignal): Promise<boolean> {
  const outcomes: Outcome[] = []
  const handed = lines.map(async (line) => void outcomes.push(await handBack(line, parts)))
  await unlessAborted(Promise.all(handed), signal).catch(() => undefined) // what was handed back before the stop counts
  const replayed = outcomes.filter((outcome) => !('error' in outcome))
  const refused = outcomes.filter(({ error }) => error instanceof PermanentError)
  const isKept = refused.length === 0 || (await parts.store.keep(refused.map(({ line }) => line.letter)))
  const done = isKept ? [...replayed, ...refused] : replayed
  await mark(
    path,
    done.map(({ line }) => line),
  )
  report(outcomes, parts.log)
  return done.length === lines.length
}

async function handBack(line: Line, { replay }: ReplayParts): Promise<Outcome> {
  try {
    await replay(line.letter)
    return { line }
  } catch (error) {
    return { line, error }
  }
}

function report(outcomes: readonly Outcome[], log: Logger): void {
  const replayed = outcomes.filter((outcome) => !('error' in outcome))
  const refused = outcomes.filter(({ error }) => error instanceof PermanentError)
  const failed = outcomes.filter((outcome) => !replayed.includes(outcome) && !refused.includes(outcome))
  if (replayed.length > 0) log.info(`${eventsIn(replayed)} events of the dead letter go out again`)
  if (refused.length > 0) log.warn(`${eventsIn(refused)} events stay in the dead letter: ${firstMessage(refused)}`)
  if (failed.length > 0) log.warn(`${eventsIn(failed)} events are replayed later: ${firstMessage(failed)}`)
}

function eventsIn(outcomes: readonly Outcome[]): number {
  return countOf(outcomes.map(({ line }) => line.letter)).events
}

function firstMessage([outcome]: readonly Outcome[]): string {
  return messageOf(outcome?.error)
}

async function mark(path: string, lines: readonly Line[]): Promise<void> {
  if (lines.length === 0) return
  const file = await open(path, 'r+')
  try {
    for (const { offset } of lines) await file.write(Uint8Array.of(doneMark), 0, 1, offset)
    await syncData(file)
  } finally {
    await file.close()
  }
}
