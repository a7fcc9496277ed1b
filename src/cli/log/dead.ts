import { type Command, type Commands, dispatch } from '../dispatch.js'
import type { ExitCode } from '../exit-codes.js'
import type { Terminal } from '../terminal.js'
import { type DeadArguments, deadArguments } from './dead-arguments.js'

const commands: Commands = {
  ls: onLetters(async (given, terminal) => (await import('./dead-list.js')).listLetters(given, terminal)),
  cat: onLetters(async (given, terminal) => (await import('./dead-events.js')).showEvents(given, terminal)),
  replay: onLetters(async (given, terminal) => (await import('./dead-change.js')).replayLetters(given, terminal)),
  drop: onLetters(async (given, terminal) => (await import('./dead-change.js')).dropLetters(given, terminal), true),
}

/** `sluice log dead`: what outputs gave up. */
export function dead(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  return dispatch('log dead', commands, args, terminal)
}

type OnLetters = (given: DeadArguments, terminal: Terminal) => Promise<ExitCode>

/** `careful` commands take no letters unless told which. */
function onLetters(command: OnLetters, careful = false): Command {
  return async (args, terminal) => command(await deadArguments(args, careful), terminal)
}
