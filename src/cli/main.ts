#!/usr/bin/env node
import { systemClock } from '../base/clock.js'
import { didYouMean } from '../base/nearest.js'
import { ownOf } from '../base/own.js'
import { programVersion } from '../engine/version.js'
import { AgentError } from '../plugin/errors.js'
import { fileAdvice, pluginOfHelp, UsageError } from './direct-form.js'
import type { Command, Commands } from './dispatch.js'
import { type ExitCode, exitCodes } from './exit-codes.js'
import { type Terminal, terminalOf } from './terminal.js'

/** How long a stopped agent waits for whoever reads what it prints: he had the grace to do so. */
const lastWordsMs = 1000

/** A command is loaded when it is asked for. */
const run: Command = async (args, terminal) => {
  const ended = await (await import('./run.js')).run(args, terminal)
  systemClock.after(lastWordsMs, () => process.exit(ended))
  return ended
}
const help: Command = async (args, terminal) => (await import('./help.js')).help(args, terminal)
const commands: Commands = {
  run,
  help,
  check: async (args, terminal) => (await import('./check.js')).check(args, terminal),
  log: async (args, terminal) => (await import('./log.js')).log(args, terminal),
  can: async (args, terminal) => (await import('./can.js')).can(args, terminal),
  password: async (args, terminal) => (await import('./password.js')).password(args, terminal),
  plugins: async (_, terminal) => (await import('./plugins.js')).plugins(terminal),
  schema: async (_, terminal) => (await import('./schema.js')).schema(terminal),
}

/** One command line to its exit code. Without a command the arguments are those of `run`. */
async function main(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const [first, ...rest] = args
  const asked = args.findIndex((arg) => arg === '-h' || arg === '--help')
  if (hasOwnHelp(first) && asked >= 0) return help([first], terminal)
  if (first === undefined || asked >= 0) return help(pluginOfHelp(args.slice(0, asked)) ?? [], terminal)
  if (args.includes('-V') || args.includes('--version')) return version(terminal)
  return first.startsWith('-') ? run(args, terminal) : commandOf(first)(rest, terminal)
}

function hasOwnHelp(command: string | undefined): command is 'log' | 'can' {
  return command === 'log' || command === 'can'
}

function commandOf(name: string): Command {
  const command = ownOf(commands, name)
  if (command) return command
  const advice = fileAdvice(name) ?? didYouMean(name, Object.keys(commands))
  throw new UsageError(`unknown command "${name}"${advice}`)
}

function version(terminal: Terminal): ExitCode {
  terminal.out(`sluice ${programVersion()} on Node ${process.versions.node}`)
  return exitCodes.ok
}

function failed(error: unknown, [first]: readonly string[], terminal: Terminal): ExitCode {
  const usage = error instanceof UsageError
  // An error of ours says all there is to say; any other is a bug, whose place helps.
  const text =
    error instanceof Error ? (usage || error instanceof AgentError ? error.message : error.stack) : String(error)
  terminal.err(`${terminal.paint('error', 'error')}: ${text}`)
  if (usage) terminal.err(`sluice help${hasOwnHelp(first) ? ` ${first}` : ''} tells what there is`)
  return usage ? exitCodes.usage : exitCodes.failed
}

// A reader that has gone (`| head`) must not end an agent that has other outputs; whoever writes learns of it by himself.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
const terminal = terminalOf(process.stdout, process.stderr, process.env)
const args = process.argv.slice(2)
const code = await main(args, terminal).catch((error: unknown) => failed(error, args, terminal))
// Whatever a plugin left open must not keep a stopped agent alive; what was written goes out first.
process.stdout.write('', () => process.exit(code))
