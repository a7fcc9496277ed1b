import { existsSync } from 'node:fs'

import { systemClock } from '../../base/clock.js'
import { type CanFrame, CanLog, type LogFormat, logFormats, type Timing } from '../../can/index.js'
import { type ExitCode, exitCodes } from '../exit-codes.js'
import type { Terminal } from '../terminal.js'
import { choiceOf, decodeOptions, parseWords, settingsOf, wordOf } from './arguments.js'
import { decodersOf } from './bus-decoders.js'
import { BusTable } from './bus-table.js'
import { bytesOf } from './read-bytes.js'
import { tellUnread } from './tell-unread.js'

const drawMs = 500

/** Of a terminal (ECMA-48, CUP, EL and ED). */
const home = '\u001b[H'
const clearLine = '\u001b[K'
const clearBelow = '\u001b[J'

/** Names of interfaces have 15 bytes at most (Linux, include/uapi/linux/if.h: IFNAMSIZ). */
const interfaceName = /^[\w.-]{1,15}$/

interface Watching {
  readonly source: string
  readonly format: LogFormat | undefined
  readonly heard: Heard
  readonly terminal: Terminal
  readonly signal: AbortSignal
}

/** What was heard up to now. */
interface Heard {
  readonly table: BusTable
  /** By the monotonic clock: when the newest frames were read. */
  atMs: number
}

/** `sluice can monitor`: a table of all ids, drawn again and again on a terminal, else once at the end. */
export async function monitor(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values, positionals } = parseWords('can monitor', args, decodeOptions)
  const source = wordOf('can monitor', positionals, 'a log, an interface, or - for standard input')
  const format = choiceOf('--format', values.format, logFormats)
  const settings = settingsOf(values)
  const table = new BusTable(await decodersOf(values.dbc ?? [], settings, terminal))
  const heard = { table, atMs: 0 }
  const stop = new AbortController()
  const interrupt = (): void => stop.abort()
  process.once('SIGINT', interrupt)
  try {
    return await watch({ source, format, heard, terminal, signal: stop.signal }, stop)
  } finally {
    process.off('SIGINT', interrupt)
  }
}

async function watch(watching: Watching, stop: AbortController): Promise<ExitCode> {
  const { source, heard, terminal } = watching
  const isInterface = source !== '-' && !existsSync(source) && interfaceName.test(source)
  const drawing = process.stdout.isTTY ? draw(watching) : Promise.resolve()
  const reading = isInterface ? readInterface(watching) : readLog(watching)
  try {
    return await reading
  } finally {
    stop.abort()
    await drawing
    if (heard.table.frames > 0)
      terminal.out(screenOf(watching, heard.table.latest, { rows: Infinity, columns: Infinity }))
    else terminal.err(`${source}: no frames`)
  }
}

async function readLog({ source, format, heard, terminal, signal }: Watching): Promise<ExitCode> {
  const add = (frame: CanFrame, bus: string, timing: Timing): void =>
    heard.table.add(frame, bus, momentOf(frame, timing))
  const log = new CanLog(add, format)
  for await (const bytes of bytesOf(source, signal)) {
    log.push(bytes)
    heard.atMs = systemClock.monotonic()
  }
  log.end()
  return tellUnread(source, log, terminal) ? exitCodes.failed : exitCodes.ok
}

async function readInterface({ source, heard, terminal, signal }: Watching): Promise<ExitCode> {
  const { SocketCan } = await import('../../can-bus/index.js')
  const quiet = (): void => undefined
  const log = { error: quiet, warn: quiet, info: quiet, debug: quiet }
  const onState = (state: string): void => terminal.err(`${source}: ${state}`)
  const bus = new SocketCan({ interface: source, own: true, onState }, { clock: systemClock, count: quiet, log })
  const take = (frame: CanFrame, name: string): void => heard.table.add(frame, name, momentOf(frame, 'absolute'))
  try {
    while (await bus.next(take, signal)) heard.atMs = systemClock.monotonic()
  } finally {
    bus.close()
  }
  return exitCodes.ok
}

/** Frames without a time are of the moment at which they were read. */
function momentOf({ seconds, nanoseconds }: CanFrame, timing: Timing): number {
  return timing === 'none' ? systemClock.wall() / 1000 : seconds + nanoseconds / 1e9
}

interface ScreenSize {
  readonly rows: number
  readonly columns: number
}

/** Draws the table in place until the end; what it draws over is cleared line by line, so that nothing flickers. */
async function draw(watching: Watching): Promise<void> {
  const { signal, heard, terminal } = watching
  while (!signal.aborted) {
    const { rows, columns } = process.stdout
    const silentMs = systemClock.monotonic() - heard.atMs
    const screen = screenOf(watching, heard.table.latest + silentMs / 1000, { rows: rows - 2, columns })
    terminal.out(`${home}${screen.replaceAll('\n', `${clearLine}\n`)}${clearLine}${clearBelow}`)
    await systemClock.sleep(drawMs, signal)
  }
}

/** As much of the table as fits; of what does not, how many ids. */
function screenOf({ heard, terminal }: Watching, now: number, size: ScreenSize): string {
  const { table } = heard
  const lines = terminal.outTable(table.rows(now)).split('\n')
  const shown = lines.slice(0, lines.length > size.rows ? size.rows - 1 : size.rows)
  const left = lines.length - shown.length
  if (left > 0) shown.push(`${left} more ids`)
  if (table.untold > 0) shown.push(`${table.untold} frames of more ids than there is room for`)
  return shown.map((line) => line.slice(0, size.columns)).join('\n')
}
