import { pluginKinds } from '../plugin/define.js'
import { load, names } from '../registry/registry.js'
import { type ExitCode, exitCodes } from './exit-codes.js'
import type { Terminal } from './terminal.js'

/** `sluice plugins`: every plugin there is, with what it does. */
export async function plugins(terminal: Terminal): Promise<ExitCode> {
  for (const kind of pluginKinds) {
    const loaded = await Promise.all(names(kind).map((name) => load(kind, name)))
    const rows = loaded.map(({ name, definition }) => [`  ${name}`, definition.summary])
    terminal.out(`${terminal.bold(`${kind}s`)}\n${terminal.outTable(rows)}\n`)
  }
  return exitCodes.ok
}
