import { fileSchema } from '../config/schema.js'
import { loadAll } from '../registry/registry.js'
import { type ExitCode, exitCodes } from './exit-codes.js'
import type { Terminal } from './terminal.js'

/** `sluice schema`: the JSON Schema of configuration files, made from the declarations of the plugins. */
export async function schema(terminal: Terminal): Promise<ExitCode> {
  terminal.out(JSON.stringify(fileSchema(await loadAll()), undefined, 2))
  return exitCodes.ok
}
