import { type Commands, dispatch } from './dispatch.js'
import type { ExitCode } from './exit-codes.js'
import type { Terminal } from './terminal.js'

const commands: Commands = {
  ls: async (args, terminal) => (await import('./log/ls.js')).ls(args, terminal),
  cat: async (args, terminal) => (await import('./log/cat.js')).cat(args, terminal),
  check: async (args, terminal) => (await import('./log/check.js')).check(args, terminal),
  dead: async (args, terminal) => (await import('./log/dead.js')).dead(args, terminal),
}

/** `sluice log`: looks into the folder that the agent keeps events in, whether it runs or not. */
export function log(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  return dispatch('log', commands, args, terminal)
}
