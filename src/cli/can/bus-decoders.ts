import { compileDecoders, type Dbc, type DecodeOptions, parseDbc, type SignalDecoders } from '../../can/index.js'
import { counted } from '../../base/counted.js'
import type { Terminal } from '../terminal.js'
import { fileOf } from './read-bytes.js'

/** The decoders of a bus by its name. */
export type DecodersOf = (bus: string) => SignalDecoders

interface BusFile {
  /** Undefined for all buses. */
  readonly bus: string | undefined
  readonly dbc: Dbc
}

/** Reads the DBC files of `[BUS=]FILE` arguments; of what is wrong in them it tells how much. */
export async function decodersOf(
  given: readonly string[],
  options: DecodeOptions,
  terminal: Terminal,
): Promise<DecodersOf> {
  const files = await Promise.all(given.map(readBusFile))
  for (const { dbc } of files) tellProblems(dbc, terminal)
  const known = new Map<string, SignalDecoders>()
  return (bus) => {
    const found = known.get(bus)
    if (found) return found
    const dbcs = files.filter((file) => file.bus === undefined || file.bus === bus).map(({ dbc }) => dbc)
    const decoders = compileDecoders(dbcs, options)
    known.set(bus, decoders)
    return decoders
  }
}

async function readBusFile(text: string): Promise<BusFile> {
  const [, bus, file = text] = /^([^/=]+)=(.+)$/.exec(text) ?? []
  return { bus, dbc: parseDbc(await fileOf(file), file) }
}

function tellProblems({ file, problemCount }: Dbc, terminal: Terminal): void {
  if (problemCount === 0) return
  const warning = terminal.paint('warn', 'warning')
  terminal.err(`${warning}: ${file}: ${counted(problemCount, 'problem')}; sluice can dbc check ${file} tells them`)
}
