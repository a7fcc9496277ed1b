/** What shipping costs an event: batches through the forward output, beside a bare socket that writes the same bytes. */

import { once } from 'node:events'
import { connect } from 'node:net'
import forward from '../outputs/forward/index.js'
import { systemClock } from '../src/base/clock.js'
import { LatestStore } from '../src/engine/latest-store.js'
import { EntryWriter } from '../src/event/entry-writer.js'
import type { OutputContext } from '../src/plugin/context.js'
import type { Batch, BatchChunk } from '../src/plugin/define.js'
import { optionsOf } from '../test/support/options.js'
import { startSink } from './agent/programs.js'
import { cpuMicros, median } from './measure.js'

const batchBytes = 1 << 20
const chunkBytes = 256 * 1024
const flushes = 300
const rounds = 7

interface Cost {
  readonly cpuMicros: number
  readonly rate: number
}

function chunkOf(id: number): BatchChunk {
  const writer = new EntryWriter(chunkBytes + 4096)
  let count = 0
  for (; writer.size < chunkBytes; count++) {
    const record = { device: 'gateway-17', temperature: 21.5, humidity: 48, ok: true, note: 'x'.repeat(120), n: count }
    writer.writeEvent(1_795_467_780, 123_456_789, record)
  }
  return { id: `chunk-${id}`, tag: 'bench', entries: writer.take(), count }
}

function batchOf(chunks: readonly BatchChunk[], id: number): Batch {
  const named = chunks.map((chunk, index) => ({ ...chunk, id: `${id}.${index}` }))
  return { id: `batch-${id}`, chunks: named, count: events, bytes, attempt: 1 }
}

const chunks = Array.from({ length: batchBytes / chunkBytes }, (_none, index) => chunkOf(index))
const events = chunks.reduce((sum, { count }) => sum + count, 0)
const bytes = chunks.reduce((sum, { entries }) => sum + entries.length, 0)

/** The median round, of as many flushes each. */
async function costOf(flush: (id: number) => Promise<void>): Promise<Cost> {
  const costs: Cost[] = []
  for (let round = 0; round < rounds; round++) {
    const [cpu, wall] = [cpuMicros(), performance.now()]
    for (let id = 0; id < flushes; id++) await flush(round * flushes + id)
    const spent = { cpu: cpuMicros() - cpu, wall: performance.now() - wall }
    costs.push({ cpuMicros: spent.cpu / (flushes * events), rate: (flushes * events * 1000) / spent.wall })
  }
  return { cpuMicros: median(costs.map((cost) => cost.cpuMicros)), rate: median(costs.map((cost) => cost.rate)) }
}

const context: OutputContext = {
  id: 'bench.0',
  clock: systemClock,
  log: { error: () => undefined, warn: () => undefined, info: () => undefined, debug: () => undefined },
  count: () => undefined,
  formatter: () => ({ contentType: '', format: () => new Uint8Array() }),
  latest: new LatestStore(systemClock),
}

async function outputCost(port: number, options: { readonly [name: string]: unknown }): Promise<Cost> {
  const output = await forward.create(optionsOf(forward, { port, ...options }), context)
  const { signal } = new AbortController()
  const cost = await costOf((id) => output.flush(batchOf(chunks, id), signal))
  await output.close?.()
  return cost
}

async function socketCost(port: number): Promise<Cost> {
  const socket = connect({ host: '127.0.0.1', port, noDelay: true })
  await once(socket, 'connect')
  const last = chunks.at(-1)
  const cost = await costOf(
    () =>
      new Promise((resolve) => {
        for (const { entries } of chunks.slice(0, -1)) socket.write(entries)
        socket.write(last?.entries ?? '', () => resolve())
      }),
  )
  socket.destroy()
  return cost
}

function show(name: string, { cpuMicros: cost, rate }: Cost, floor?: Cost): void {
  const against = floor ? `, ${(cost / floor.cpuMicros).toFixed(2)} × the bare socket` : ''
  console.log(`  ${name.padEnd(34)}${cost.toFixed(4)} µs of CPU an event, ${Math.round(rate)} events/s${against}`)
}

const sink = await startSink()
const size = Math.round(bytes / events)
console.log(`batches of ${events} events of ${size} bytes to a sink in another process`)
const floor = await socketCost(sink.port)
show('bare socket, the same bytes', floor)
show('forward, not acknowledged', await outputCost(sink.port, { require_ack_response: false }), floor)
show('forward, acknowledged', await outputCost(sink.port, {}), floor)
show('forward, acknowledged, gzip', await outputCost(sink.port, { compress: 'gzip' }), floor)
sink.stop()
