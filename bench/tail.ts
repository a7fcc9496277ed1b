import { mkdtempSync, readSync, openSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { tailInput } from '../inputs/tail/tail-input.js'
import { toSettings } from '../inputs/tail/settings.js'
import tail from '../inputs/tail/index.js'
import { systemClock } from '../src/base/clock.js'
import { EntryWriter } from '../src/event/entry-writer.js'
import type { InputContext } from '../src/plugin/context.js'
import { RecordingLogger, memoryState } from '../test/support/plugin-context.js'
import { optionsOf } from '../test/support/options.js'
import { cpuMicros, median, printCosts } from './measure.js'

/** What tail alone costs a line of 170 bytes, reading and the copy into the log included, beside reading the bytes alone. */

const count = 400_000
const rounds = 7
const folder = mkdtempSync(join(tmpdir(), 'bench-tail-'))
const path = join(folder, 'bench.log')
const padding = 'x'.repeat(120)
writeFileSync(
  path,
  Array.from(
    { length: count },
    (_none, n) => `2026-11-23T21:03:00Z gateway-7 ${String(n).padStart(18)} ${padding}\n`,
  ).join(''),
)

/** The engine's side: takes entries as the log does, by a copy, and delivers at once. */
function takingContext(): InputContext & { taken: number } {
  const chunk = new EntryWriter(1 << 20)
  const context = {
    taken: 0,
    id: 'tail.0',
    log: new RecordingLogger(),
    clock: systemClock,
    state: memoryState(),
    emit: () => true,
    emitEntries(_tag: string, entries: Uint8Array, events: number, ack?: () => void) {
      chunk.clear()
      chunk.append(entries)
      context.taken += events
      ack?.()
      return true
    },
    hasRoom: true,
    reserve: () => true,
    release: () => undefined,
    room: () => Promise.resolve(),
    drop: () => {},
    once: () => Promise.resolve(false),
    count: () => {},
    parser: () => {
      throw new Error('no parser')
    },
  }
  return context
}

async function tailOnce(): Promise<number> {
  const context = takingContext()
  const settings = toSettings(optionsOf(tail, { path, read_from_head: true, exit_on_eof: true }))
  const start = cpuMicros()
  await tailInput(settings, context).run(new AbortController().signal)
  if (context.taken !== count) throw new Error(`expected ${count} lines, got ${context.taken}`)
  return ((cpuMicros() - start) * 1000) / count
}

function readOnce(): number {
  const buffer = Buffer.allocUnsafe(256 * 1024)
  const file = openSync(path, 'r')
  const start = cpuMicros()
  while (readSync(file, buffer) > 0);
  return ((cpuMicros() - start) * 1000) / count
}

const reads = Array.from({ length: rounds }, readOnce)
const tails: number[] = []
for (let round = 0; round < rounds + 2; round++) tails.push(await tailOnce())
const floor = { name: 'reading the file', cost: median(reads) }
printCosts(`tail: lines of ${(statSync(path).size / count - 1).toFixed(0)} bytes`, [
  { name: 'tail', cost: median(tails.slice(2)), unit: 'line', floor },
])
rmSync(folder, { recursive: true })
