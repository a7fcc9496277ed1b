import type { Libc } from 'sluice/libc'
import { every, type EventRecord, type Input, type InputContext, toEventTime } from 'sluice/plugin'
import { EdgeBatch } from './edge-batch.js'
import { EdgeEntries } from './edge-entries.js'
import type { LineSettings } from './line-settings.js'
import { WatchedLine } from './watched-line.js'

export interface GpioSettings {
  readonly interval: number
  readonly tag: string
  readonly records: 'edges' | 'rates' | 'both'
  readonly lines: readonly LineSettings[]
  readonly device_path: string
}

/** Where one line fails the others are given back too, since the engine runs all of it again. */
export function gpioInput(settings: GpioSettings, context: InputContext, load: () => Promise<Libc>): Input {
  return {
    async run(signal) {
      const libc = await load()
      const lines: WatchedLine[] = []
      const stop = new AbortController()
      const end = (): void => stop.abort()
      signal.addEventListener('abort', end, { once: true })
      if (signal.aborted) end()
      let work: Promise<void>[] = []
      try {
        for (const line of settings.lines) lines.push(new WatchedLine(libc, settings.device_path, line))
        work = [
          ...lines.map((line) => follow(line, settings, context, stop.signal)),
          look(lines, settings, context).run(stop.signal),
        ]
        await Promise.all(work)
      } finally {
        signal.removeEventListener('abort', end)
        end()
        await Promise.allSettled(work)
        for (const line of lines) line.close()
      }
    },
  }
}

/** Takes the edges of a line as they come. */
async function follow(
  line: WatchedLine,
  { records, tag }: GpioSettings,
  context: InputContext,
  signal: AbortSignal,
): Promise<void> {
  if (line.settings.edge === 'none') return
  const batch = new EdgeBatch()
  const entries = new EdgeEntries()
  while (!signal.aborted) {
    await line.edges(batch, signal)
    if (batch.count === 0) continue
    const lost = countEdges(line, batch)
    if (records === 'rates') continue
    if (lost > 0) context.drop('overrun', lost)
    if (!context.emitEntries(tag, entries.of(line, batch), batch.count)) await context.room()
  }
}

/** How many the kernel had no room for. */
function countEdges({ rate }: WatchedLine, batch: EdgeBatch): number {
  const before = rate.total
  for (const index of [0, batch.count - 1]) {
    rate.take(batch.sequence(index), batch.seconds(index), batch.nanoseconds(index))
  }
  return rate.total - before - batch.count
}

/** Reads the levels each interval, also where no record wants them: so a chip that is gone is known to be. */
function look(lines: readonly WatchedLine[], settings: GpioSettings, context: InputContext): Input {
  let before = context.clock.monotonic()
  return every(settings.interval, context, () => {
    const now = context.clock.monotonic()
    const elapsed = now - before
    const time = toEventTime(context.clock.wall())
    before = now
    for (const line of lines) {
      const record = recordOf(line, elapsed)
      if (settings.records !== 'edges') context.emit(settings.tag, record, time)
    }
  })
}

function recordOf(line: WatchedLine, elapsedMs: number): EventRecord {
  const { name, chip, offset, rate, settings } = line
  const record = { line: name, chip, offset, level: line.level() }
  if (settings.edge === 'none') return record
  const { edges, perSecond } = rate.since(elapsedMs)
  return { ...record, edges, frequency: settings.edge === 'both' ? perSecond / 2 : perSecond, total: rate.total }
}
