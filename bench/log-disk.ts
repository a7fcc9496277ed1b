/** What a disk adds to the cost of an event that is relayed and acknowledged once it is stored; beside the least that the platform takes for the same writes. */

import { mkdtempSync, rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { runProgram, startSink, type Usage } from './agent/programs.js'
import type { DiskFigures } from '../src/engine/stored-log.js'
import { cpuMicros, median } from './measure.js'

const events = 4_000_000
const rounds = 3
const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-'))
const program = fileURLToPath(new URL('agent/relay.js', import.meta.url))

interface Report {
  readonly ingestedBytes: number
  readonly disk: DiskFigures
}

async function relay(
  port: number,
  mode: string,
): Promise<{ readonly cost: number; readonly rate: number; readonly report: Report }> {
  const run = async (count: number): Promise<Usage & { readonly output: string }> => {
    rmSync(folder, { recursive: true, force: true })
    return runProgram([program, String(port), String(count), mode, folder])
  }
  const least = await run(500)
  const all: (Usage & { readonly output: string })[] = []
  for (let round = 0; round < rounds; round++) all.push(await run(events))
  const cost = median(all.map(({ cpuMicros: micros }) => (micros - least.cpuMicros) / events))
  const rate = median(all.map(({ wallMs }) => events / ((wallMs - least.wallMs) / 1000)))
  return { cost, rate, report: JSON.parse(all[0]?.output ?? '') as Report }
}

/** The same bytes, written and synced as often, by nothing but the platform. */
async function floor(bytes: number, syncs: number): Promise<number> {
  const part = Buffer.alloc(Math.ceil(bytes / syncs), 0x2e)
  const file = await open(join(folder, 'floor'), 'w')
  const before = cpuMicros()
  for (let count = 0; count < syncs; count++) {
    await file.write(part)
    await file.datasync()
  }
  const spent = cpuMicros() - before
  await file.close()
  return spent / events
}

try {
  console.log(`relay of ${events} events of 200 bytes in chunks of 500, acknowledged`)
  const sink = await startSink()
  const memory = await relay(sink.port, 'memory')
  for (const mode of ['spill', 'durable']) {
    const { cost, rate, report } = await relay(sink.port, mode)
    const { written_bytes: written = 0, syncs = 0, sync_ms = 0 } = report.disk.lanes['default'] ?? {}
    console.log(
      `  ${mode.padEnd(10)}${cost.toFixed(3)} µs of CPU an event, ${Math.round(rate)} events/s, ${(cost / memory.cost).toFixed(2)} × memory; ` +
        `${(written / report.ingestedBytes).toFixed(4)} bytes written a byte, ${syncs} syncs of ${(sync_ms / Math.max(syncs, 1)).toFixed(1)} ms, ` +
        `checkpoints ${report.disk.checkpoint_bytes} bytes`,
    )
    if (syncs > 0) console.log(`  bare Node, the same writes  ${(await floor(written, syncs)).toFixed(3)} µs an event`)
  }
  console.log(`  memory    ${memory.cost.toFixed(3)} µs of CPU an event, ${Math.round(memory.rate)} events/s`)
  sink.stop()
} finally {
  rmSync(folder, { recursive: true, force: true })
}
