/**
 * What a disk adds to the cost of an event that is relayed and acknowledged once it is stored; beside the least that the platform takes
 * for the same writes: the relay without a disk, checksums, and a bare Node process that writes as many bytes to files of the same size,
 * syncs them as often and removes them.
 */

import { mkdtempSync, rmSync } from 'node:fs'
import { type FileHandle, open, unlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { crc32 } from 'node:zlib'

import { runProgram, startSink, type Usage } from './agent/programs.js'
import type { DiskFigures } from '../src/engine/stored-log.js'
import { cpuMicros, median } from './measure.js'

const events = 4_000_000
const rounds = 3
/** As many bytes as a segment has. */
const fileBytes = 4 * 1024 * 1024
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

interface Floor {
  readonly writes: number
  readonly checksums: number
}

/** The same bytes, checked, written and synced as often by nothing but the platform: microseconds of CPU an event. */
async function floor(bytes: number, syncs: number): Promise<Floor> {
  const size = Math.ceil(bytes / syncs)
  // As much memory as is on its way in a relay, so that a cache has no more of it.
  const parts = Array.from({ length: 4 }, (_, index) => Buffer.alloc(size, index))
  const turns = Array.from({ length: syncs }, (_, turn) => parts[turn % parts.length] as Buffer)
  const started = cpuMicros()
  await writeAll(turns)
  const written = cpuMicros()
  for (const part of turns) crc32(part)
  return { writes: (written - started) / events, checksums: (cpuMicros() - written) / events }
}

async function writeAll(parts: readonly Buffer[]): Promise<void> {
  const path = join(folder, 'floor')
  let file: FileHandle | undefined
  let at = 0
  for (const part of parts) {
    if (file && at + part.length > fileBytes) file = await removed(file, path)
    if (!file) at = 0
    file ??= await open(path, 'wx')
    await file.write(part, 0, part.length, at)
    await file.datasync()
    at += part.length
  }
  if (file) await removed(file, path)
}

async function removed(file: FileHandle, path: string): Promise<undefined> {
  await file.close()
  await unlink(path)
}

function showFloor(memoryCost: number, { writes, checksums }: Floor): void {
  const least = (memoryCost + writes + checksums) / memoryCost
  console.log(
    `  bare Node, the same writes  ${writes.toFixed(3)} µs an event, their checksums ${checksums.toFixed(3)} µs: at least ${least.toFixed(2)} × memory`,
  )
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
    if (syncs > 0) showFloor(memory.cost, await floor(written, syncs))
  }
  console.log(`  memory    ${memory.cost.toFixed(3)} µs of CPU an event, ${Math.round(memory.rate)} events/s`)
  sink.stop()
} finally {
  rmSync(folder, { recursive: true, force: true })
}
