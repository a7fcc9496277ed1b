import { existsSync } from 'node:fs'

import { systemClock } from '../../base/clock.js'
import type { LetterRequest } from '../../engine/dead-letter-request.js'
import { counted } from '../../base/counted.js'
import { type ExitCode, exitCodes } from '../exit-codes.js'
import type { Terminal } from '../terminal.js'
import { done, type Done } from './ask-agent.js'
import { type DeadArguments, noneText } from './dead-arguments.js'
import { actAsOwner } from './storage.js'

/** `sluice log dead replay`. */
export function replayLetters(given: DeadArguments, terminal: Terminal): Promise<ExitCode> {
  return change('replay', given, terminal)
}

/** `sluice log dead drop`. */
export function dropLetters(given: DeadArguments, terminal: Terminal): Promise<ExitCode> {
  return change('drop', given, terminal)
}

async function change(
  action: LetterRequest['action'],
  { storage, folder, filters }: DeadArguments,
  terminal: Terminal,
): Promise<ExitCode> {
  actAsOwner(storage)
  const outcome = existsSync(folder) ? await done({ action, filters }, { storage, folder }, systemClock) : undefined
  if (!outcome || outcome.count.letters === 0) terminal.err(noneText(filters))
  else terminal.out(textOf(action, outcome))
  return exitCodes.ok
}

function textOf(action: LetterRequest['action'], { count: { letters, events }, byAgent }: Done): string {
  const what = `${counted(events, 'event')} in ${counted(letters, 'letter')}`
  if (action === 'drop') return `${what} dropped`
  return `${what} to go out again ${byAgent ? 'now' : 'when the agent starts'}`
}
