/** A gigabyte that waits on disk: how long the start takes, how fast it goes out, and how much memory that needs. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { runProgram, startSink } from './agent/programs.js'

const bytes = 1024 * 1024 * 1024
const events = 4_000_000
const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-'))
const program = (name: string): string => fileURLToPath(new URL(`agent/${name}.js`, import.meta.url))

interface Report {
  readonly startMs: number
  readonly totalMs: number
  readonly delivered: number
  readonly pending: number
}

try {
  const closedPort = '9'
  const filled = await runProgram([program('backlog'), 'fill', folder, String(bytes), closedPort])
  const { pending } = JSON.parse(filled.output) as Report
  console.log(
    `backlog of 1 GiB, ${pending} events; filling it took at most ${(filled.peakKiB / 1024).toFixed(0)} MiB of RSS`,
  )
  const sink = await startSink()
  const drained = await runProgram([program('backlog'), 'drain', folder, '0', String(sink.port)])
  const { startMs, totalMs, delivered } = JSON.parse(drained.output) as Report
  if (delivered !== pending) throw new Error(`${pending} events were kept, ${delivered} delivered`)
  const rate = delivered / ((totalMs - startMs) / 1000)
  console.log(
    `  starts in ${startMs.toFixed(0)} ms, goes out at ${Math.round(rate)} events/s, peak RSS ${(drained.peakKiB / 1024).toFixed(0)} MiB`,
  )
  const memory = await runProgram([program('relay'), String(sink.port), String(events), 'memory'])
  const diskless = events / (memory.wallMs / 1000)
  console.log(
    `  that is ${((rate / diskless) * 100).toFixed(0)} % of the rate without a disk, ${Math.round(diskless)} events/s`,
  )
  sink.stop()
} finally {
  rmSync(folder, { recursive: true, force: true })
}
