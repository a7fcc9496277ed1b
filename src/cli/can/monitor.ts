import { existsSync } from 'node:fs'

import { systemClock } from '../../base/clock.js'
import { type CanFrame, CanLog, labelStyles, type LogFormat, logFormats, type Timing } from '../../can/index.js'
import { type ExitCode, exitCodes } from '../exit-codes.js'
import type { Terminal } from '../terminal.js'
import { choiceOf, decodeOptions, parseWords, wordOf } from './arguments.js'
import { decodersOf } from './bus-decoders.js'
import { BusTable } from './bus-table.js'
import { bytesOf } from './read-bytes.js'

const drawMs = 500
/** Names of interfaces have 15 bytes at most (Linux, include/uapi/linux/if.h: IFNAMSIZ). */
const interfaceName = /^[\w.-]{1,15}$/

interface Watching {
  readonly source: string
  readonly format: LogFormat | undefined
  readonly table: BusTable
  readonly terminal: Terminal
  readonly signal: AbortSignal
}

/** `sluice can monitor`: a table of all ids, drawn again and again on a terminal, else once at the end. */
export async function monitor(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values, positionals } = parseWords('can monitor', args, decodeOptions)
  const source = wordOf('can monitor', positionals, 'a log, an interface, or - for standard input')
  const format = choiceOf('--format', values.format, logFormats)
  const labels = choiceOf('--labels', values.labels, labelStyles)
  const table = new BusTable(await decodersOf(values.dbc ?? [], labels, terminal))
  const stop = new AbortController()
  const interrupt = (): void => stop.abort()
  process.once('SIGINT', interrupt)
  try {
    return await watch({ source, format, table, terminal, signal: stop.signal }, stop)
  } finally {
    process.off('SIGINT', interrupt)
  }
}

async function watch(watching: Watching, stop: AbortController): Promise<ExitCode> {
  const { source, table, terminal } = watching
  const isLive = source !== '-' && !existsSync(source) && interfaceName.test(source)
  const now = (): number => (isLive ? systemClock.wall() / 1000 : table.latest)
  const drawing = process.stdout.isTTY ? draw(watching, now) : Promise.resolve()
  const reading = isLive ? readInterface(watching) : readLog(watching)
  try {
    return await reading
  } finally {
    stop.abort()
    await drawing
    terminal.out(screenOf(watching, now(), { rows: Infinity, columns: Infinity }))
  }
}

async function readLog({ source, format, table, signal }: Watching): Promise<ExitCode> {
  const add = (frame: CanFrame, bus: string, timing: Timing): void => table.add(frame, bus, momentOf(frame, timing))
  const log = new CanLog(add, format)
  for await (const bytes of bytesOf(source)) {
    if (signal.aborted) break
    log.push(bytes)
  }
  log.end()
  return log.bad + log.tooLong === 0 ? exitCodes.ok : exitCodes.failed
}

async function readInterface({ source, table, terminal, signal }: Watching): Promise<ExitCode> {
  const { SocketCan } = await import('../../can-bus/index.js')
  const quiet = (): void => undefined
  const log = { error: quiet, warn: quiet, info: quiet, debug: quiet }
  const onState = (state: string): void => terminal.err(`${source}: ${state}`)
  const bus = new SocketCan({ interface: source, own: true, onState }, { clock: systemClock, count: quiet, log })
  const take = (frame: CanFrame, name: string): void => table.add(frame, name, momentOf(frame, 'absolute'))
  try {
    while (await bus.next(take, signal)) continue
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

/** Clears the screen and shows the table until the end. */
async function draw(watching: Watching, now: () => number): Promise<void> {
  const { signal, terminal } = watching
  while (!signal.aborted) {
    const { rows, columns } = process.stdout
    terminal.out(`\u001b[H\u001b[2J${screenOf(watching, now(), { rows: rows - 2, columns })}`)
    await systemClock.sleep(drawMs, signal)
  }
}

function screenOf({ table, terminal }: Watching, now: number, size: ScreenSize): string {
  const text = terminal.outTable(table.rows(now))
  const shown = text.split('\n').slice(0, size.rows)
  const lines = shown.map((line) => line.slice(0, size.columns))
  const untold = table.untold === 0 ? '' : `\n${table.untold} frames of more ids than there is room for`
  return `${lines.join('\n')}${untold}`
}
