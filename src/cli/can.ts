import { type Commands, dispatch } from './dispatch.js'
import type { ExitCode } from './exit-codes.js'
import type { Terminal } from './terminal.js'

const dbcCommands: Commands = {
  check: async (args, terminal) => (await import('./can/dbc-check.js')).dbcCheck(args, terminal),
  show: async (args, terminal) => (await import('./can/dbc-show.js')).dbcShow(args, terminal),
}

const commands: Commands = {
  decode: async (args, terminal) => (await import('./can/decode.js')).decode(args, terminal),
  dbc: (args, terminal) => dispatch('can dbc', dbcCommands, args, terminal),
  monitor: async (args, terminal) => (await import('./can/monitor.js')).monitor(args, terminal),
}

/** `sluice can`: what CAN buses, their logs and DBC files say; no agent is needed. */
export async function can(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  return dispatch('can', commands, args, terminal)
}
