import { counted } from '../../base/counted.js'
import { CanLog, logFormats } from '../../can/index.js'
import { UsageError } from '../direct-form.js'
import { type ExitCode, exitCodes } from '../exit-codes.js'
import { type ByteStream, writeBytes } from '../log/byte-output.js'
import type { Terminal } from '../terminal.js'
import { choiceOf, countOf, decodeOptions, parseWords, settingsOf, wordOf } from './arguments.js'
import { decodersOf } from './bus-decoders.js'
import { DecodedLines } from './decoded-lines.js'
import { bytesOf } from './read-bytes.js'
import { tellUnread } from './tell-unread.js'

const options = { ...decodeOptions, unknown: { type: 'boolean' }, limit: { type: 'string' } } as const

/** `sluice can decode`: the frames of a log as JSON lines of their signals. */
export async function decode(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values, positionals } = parseWords('can decode', args, options)
  const path = wordOf('can decode', positionals, 'one log, or - for standard input')
  const { dbc = [], unknown = false } = values
  if (dbc.length === 0 && !unknown) throw new UsageError('can decode: expected --dbc FILE or --unknown, got neither')
  const format = choiceOf('--format', values.format, logFormats)
  const settings = settingsOf(values)
  const limit = countOf('--limit', values.limit)
  const lines = new DecodedLines({ decodersOf: await decodersOf(dbc, settings, terminal), unknown, limit })
  const log = new CanLog((frame, bus, timing) => lines.add(frame, bus, timing), format)
  const isHeard = await run(path, { log, lines }, process.stdout)
  return isHeard && tell(path, { log, lines }, terminal) ? exitCodes.failed : exitCodes.ok
}

interface Work {
  readonly log: CanLog
  readonly lines: DecodedLines
}

/** False once nobody reads any more. */
async function run(path: string, { log, lines }: Work, stream: ByteStream): Promise<boolean> {
  for await (const bytes of bytesOf(path)) {
    log.push(bytes)
    if (!(await writeBytes(stream, lines.take()))) return false
    if (lines.isFull) return true
  }
  log.end()
  return writeBytes(stream, lines.take())
}

/** What was not decoded; whether there were lines that could not be read. */
function tell(path: string, { log, lines }: Work, terminal: Terminal): boolean {
  const unknown = lines.frames - lines.decoded
  terminal.err(`${path}: ${counted(lines.frames, 'frame')}, ${unknown} of them unknown`)
  return tellUnread(path, log, terminal)
}
