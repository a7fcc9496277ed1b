import { randomBytes } from 'node:crypto'
import { rm } from 'node:fs/promises'

import type { Clock } from '../../base/clock.js'
import { replaceFile } from '../../base/durable-file.js'
import {
  answerFile,
  carryOut,
  type LetterAnswer,
  type LetterRequest,
  readAnswer,
  requestFile,
} from '../../engine/dead-letter-request.js'
import { StorageLock } from '../../engine/storage-lock.js'
import type { LetterCount } from '../../flush/dead-letter-folder.js'
import { letterTaking } from '../../flush/take-letters.js'
import { AgentError } from '../../plugin/errors.js'
import type { DeadArguments } from './dead-arguments.js'

export interface Done {
  readonly count: LetterCount
  /** Whether an agent that runs did it. */
  readonly byAgent: boolean
}

type Place = Pick<DeadArguments, 'storage' | 'folder'>

/** An agent looks for requests every ten seconds at the latest. */
const longestWaitMs = 30_000
const pollMs = 100

/** Does it here where nobody holds the folder; else lays it down for the agent that does, and waits for its answer. */
export async function done(request: LetterRequest, place: Place, clock: Clock): Promise<Done> {
  const id = randomBytes(6).toString('hex')
  const path = requestFile(place.folder, id)
  const here = await doneHere(request, place)
  if (here) return here
  try {
    await replaceFile(path, JSON.stringify(request))
    return await answered(answerFile(place.folder, id), request, place, clock)
  } finally {
    await rm(path, { force: true })
    await rm(answerFile(place.folder, id), { force: true })
  }
}

/** The agent may end meanwhile, with or without an answer. */
async function answered(path: string, request: LetterRequest, place: Place, clock: Clock): Promise<Done> {
  for (const deadline = clock.monotonic() + longestWaitMs; clock.monotonic() < deadline; await clock.sleep(pollMs)) {
    const answer = await readAnswer(path)
    if (answer) return { count: countIn(answer), byAgent: true }
    const here = await doneHere(request, place)
    if (here) return here
  }
  const { storage } = place
  const holder = StorageLock.holder(storage)
  const text = `"${storage}": expected an answer of process ${holder}, which holds it, got none within ${longestWaitMs / 1000} s`
  throw new AgentError('CLI_NO_ANSWER', `${text}; is it an agent? stop it, or try again`)
}

function countIn(answer: LetterAnswer): LetterCount {
  if ('error' in answer) throw new AgentError('CLI_AGENT_FAILED', `the agent could not do it: ${answer.error}`)
  return answer
}

/** Undefined where another process holds the folder. */
async function doneHere(request: LetterRequest, { storage, folder }: Place): Promise<Done | undefined> {
  const lock = lockIfFree(storage)
  if (!lock) return undefined
  try {
    return { count: await carryOut(letterTaking(folder), request), byAgent: false }
  } finally {
    lock.release()
  }
}

function lockIfFree(storage: string): StorageLock | undefined {
  if (StorageLock.holder(storage) !== undefined) return undefined
  try {
    return StorageLock.take(storage)
  } catch (error) {
    if (error instanceof AgentError && error.code === 'ENGINE_STORAGE_LOCKED') return undefined
    throw error
  }
}
