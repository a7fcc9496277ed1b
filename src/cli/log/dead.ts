import { type Command, type Commands, dispatch } from '../dispatch.js'
import { type ExitCode, exitCodes } from '../exit-codes.js'
import type { Terminal } from '../terminal.js'
import { type DeadArguments, deadArguments } from './dead-arguments.js'
import { readable } from './readable.js'

const commands: Commands = {
  ls: onLetters('ls', async (given, terminal) => (await import('./dead-list.js')).listLetters(given, terminal)),
  cat: onLetters('cat', async (given, terminal) => (await import('./dead-events.js')).showEvents(given, terminal)),
  replay: onLetters('replay', async (given, terminal) =>
    (await import('./dead-change.js')).replayLetters(given, terminal),
  ),
  drop: onLetters('drop', async (given, terminal) => (await import('./dead-change.js')).dropLetters(given, terminal)),
}

/** `sluice log dead`: what outputs gave up. */
export function dead(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  return dispatch('log dead', commands, args, terminal)
}

type OnLetters = (given: DeadArguments, terminal: Terminal) => Promise<ExitCode>

function onLetters(name: string, command: OnLetters): Command {
  const run = async (args: readonly string[], terminal: Terminal): Promise<ExitCode> => {
    const given = await deadArguments(name, args, terminal)
    return given ? command(given, terminal) : exitCodes.config
  }
  return (args, terminal) => readable(`log dead ${name}`, run(args, terminal))
}
