/**
 * What a recorded drive costs end to end: candump log → decoded records, ten signals a frame → forward, in an agent of its own that ends
 * with the log; its start is taken off. Beside it the same log read by Node alone, each byte once and each line found.
 */

import { mkdtempSync, openSync, readSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runAgent, startSink } from './agent/programs.js'
import { cpuMicros, median, printCosts } from './measure.js'

const frames = Number(process.env['EVENTS'] ?? 400_000)
const messages = 50
const rounds = 5
const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-'))

/** Fifty messages of ten signals: bytes and parts of bytes, in both byte orders, with factors and offsets. */
function dbc(): string {
  const signal = (n: number, place: string): string => `SG_ Signal${n} : ${place} (0.1,-4) [0|0] "unit" Y`
  const signals = [
    '0|12@1+',
    '12|4@1+',
    '16|8@1-',
    '24|4@1+',
    '28|1@1+',
    '29|3@1+',
    '39|12@0+',
    '43|4@0-',
    '48|8@1+',
    '56|8@1+',
  ]
  const one = (n: number): string =>
    [`BO_ ${256 + n} Message${n}: 8 X`, ...signals.map((place, at) => ` ${signal(at, place)}`)].join('\n')
  return `${Array.from({ length: messages }, (_none, n) => one(n)).join('\n\n')}\n`
}

/** Pseudo-random data, the same in every run. */
function log(count: number): string {
  let state = 1
  const word = (): string => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state.toString(16).padStart(8, '0').toUpperCase()
  }
  const line = (n: number): string => {
    const time = `${1_700_000_000 + Math.floor(n / 10_000)}.${String((n % 10_000) * 100).padStart(6, '0')}`
    return `(${time}) can0 ${(256 + (n % messages)).toString(16)}#${word()}${word()}\n`
  }
  return Array.from({ length: count }, (_none, n) => line(n)).join('')
}

function fileWith(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

function readLines(path: string): number {
  const buffer = Buffer.allocUnsafe(64 * 1024)
  const file = openSync(path, 'r')
  const start = cpuMicros()
  for (let size = readSync(file, buffer); size > 0; size = readSync(file, buffer)) {
    const bytes = buffer.subarray(0, size)
    for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1));
  }
  return ((cpuMicros() - start) * 1000) / frames
}

const sink = await startSink()
try {
  const [whole, one] = [fileWith('whole.log', log(frames)), fileWith('one.log', log(1))]
  const base = ['-i', 'can', '-p', `dbc=${fileWith('bench.dbc', dbc())}`]
  const out = ['-o', 'forward', '-p', 'match=*', '-p', 'host=127.0.0.1', '-p', `port=${sink.port}`]
  const cpuOf = async (path: string, more: readonly string[] = []): Promise<number> =>
    (await runAgent([...base, '-p', `path=${path}`, ...more, ...out])).cpuMicros
  const costs: { decoded: number; raw: number; floor: number }[] = []
  for (let left = rounds; left > 0; left--) {
    const start = await cpuOf(one)
    const decoded = ((await cpuOf(whole)) - start) * 1000
    const raw = ((await cpuOf(whole, ['-p', 'mode=raw'])) - start) * 1000
    costs.push({ decoded: decoded / frames, raw: raw / frames, floor: readLines(whole) })
  }
  const floor = { name: 'reading the lines', cost: median(costs.map((cost) => cost.floor)) }
  const cost = median(costs.map(({ decoded }) => decoded))
  printCosts(`can: log of ${frames} frames → forward`, [
    { name: 'ten signals decoded', cost, unit: 'frame', floor },
    { name: 'raw frames', cost: median(costs.map(({ raw }) => raw)), unit: 'frame', floor },
  ])
  console.log(`  ${Math.round(1e9 / cost).toLocaleString('en')} decoded frames a second of one core`)
} finally {
  sink.stop()
  rmSync(folder, { recursive: true })
}
