import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

import type { LetterCount } from '../flush/dead-letter-folder.js'
import type { LetterTaking, LetterTest } from '../flush/take-letters.js'
import { AgentError } from '../plugin/errors.js'
import { compilePattern } from '../route/pattern.js'

/** Which letters are meant: those that fit all that is said. */
export interface LetterFilters {
  readonly output?: string
  readonly reason?: string
  /** A pattern as in `match`. */
  readonly tag?: string
  /** Given up then or later, and before: ISO 8601 in UTC to the nanosecond, as letters have it. */
  readonly since?: string
  readonly until?: string
}

/** What a command asks the process for that holds the storage path. It lies in `request-ID.json` until it is carried out. */
export interface LetterRequest {
  readonly action: 'drop' | 'replay'
  readonly filters: LetterFilters
}

/** What came of it: in `answer-ID.json`, which the command removes. */
export type LetterAnswer = LetterCount | { readonly error: string }

export function matcherOf({ output, reason, tag, since, until }: LetterFilters): LetterTest {
  const fitsTag = tag === undefined ? () => true : compilePattern({ match: tag })
  const fits = (wanted: string | undefined, is: string): boolean => wanted === undefined || wanted === is
  const fitsTime = (time: string): boolean =>
    (since === undefined || time >= since) && (until === undefined || time < until)
  return ({ output: by, reason: why, tag: of, time }) =>
    fits(output, by) && fits(reason, why) && fitsTag(of) && fitsTime(time)
}

export function carryOut(letters: LetterTaking, { action, filters }: LetterRequest): Promise<LetterCount> {
  const matches = matcherOf(filters)
  return action === 'drop' ? letters.drop(matches) : letters.moveToReplay(matches)
}

export function requestFile(folder: string, id: string): string {
  return join(folder, `request-${id}.json`)
}

export function answerFile(folder: string, id: string): string {
  return join(folder, `answer-${id}.json`)
}

/** Ids of the requests that wait. */
export async function waitingRequests(folder: string): Promise<string[]> {
  return (await readdir(folder)).flatMap((name) => /^request-(\w{1,64})\.json$/.exec(name)?.[1] ?? [])
}

export async function readRequest(path: string): Promise<LetterRequest> {
  const value = parsed(await readFile(path, 'utf8'))
  if (!isRequest(value))
    throw new AgentError('ENGINE_LETTER_REQUEST', `"${path}": expected a request, got something else`)
  return value
}

/** Undefined while there is none. */
export async function readAnswer(path: string): Promise<LetterAnswer | undefined> {
  try {
    return parsed(await readFile(path, 'utf8')) as LetterAnswer
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // which is no request either
  }
}

function isRequest(value: unknown): value is LetterRequest {
  if (typeof value !== 'object' || value === null) return false
  const { action, filters } = value as { readonly action?: unknown; readonly filters?: unknown }
  if ((action !== 'drop' && action !== 'replay') || typeof filters !== 'object' || filters === null) return false
  const names = ['output', 'reason', 'tag', 'since', 'until']
  return Object.entries(filters).every(([name, filter]) => names.includes(name) && typeof filter === 'string')
}
