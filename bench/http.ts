import { fork } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Pool } from 'undici'
import msgpack from '../codecs/msgpack/index.js'
import ndjson from '../codecs/ndjson/index.js'
import http from '../outputs/http/index.js'
import { systemClock } from '../src/base/clock.js'
import { LatestStore } from '../src/engine/latest-store.js'
import { EntryWriter } from '../src/event/entry-writer.js'
import type { Formatter, OutputContext } from '../src/plugin/context.js'
import type { Batch } from '../src/plugin/define.js'
import { optionsOf } from '../test/support/options.js'
import { type CostRow, cpuMicros, median, printCosts } from './measure.js'

/** What the http output costs an event in this process, beside undici posting bytes that are ready. */

const eventsPerBatch = 5000
const flushesPerRound = 20
const rounds = 7
const cases = [
  ['msgpack', 'msgpack', {}],
  ['json_lines', 'ndjson', {}],
  ['json_lines', 'ndjson', { compress: 'gzip' }],
] as const
const asServer = process.argv[2] === 'serve'

/** A server in a process of its own, so that its work is not counted. */
function serve(): void {
  const server = createServer((request, response) => request.resume().on('end', () => response.writeHead(204).end()))
  server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port))
}

function batchOf(): Batch {
  const writer = new EntryWriter(1 << 20)
  for (let index = 0; index < eventsPerBatch; index++) {
    const record = { device: `gateway-${index % 10}`, sensor: 'engine.coolant', value: 87.25 + index / 8, ok: true }
    writer.writeEvent(1_795_467_780, 123_456_789, record)
  }
  const entries = writer.take()
  const chunk = { tag: 'bench', id: 'chunk', entries, count: eventsPerBatch }
  return { id: 'batch', chunks: [chunk], count: eventsPerBatch, bytes: entries.length, attempt: 1 }
}

function formatterOf(name: string, options: { readonly [name: string]: unknown } = {}): Formatter {
  const codec = name === 'msgpack' ? msgpack.create(optionsOf(msgpack, {}), context) : undefined
  const { formatter } = codec ?? ndjson.create(optionsOf(ndjson, options), context)
  if (!formatter) throw new Error(`${name} does not write`)
  return formatter
}

const silent = (): void => undefined
const context: OutputContext = {
  id: 'bench.0',
  clock: systemClock,
  log: { error: silent, warn: silent, info: silent, debug: silent },
  count: silent,
  formatter: formatterOf,
  latest: new LatestStore(systemClock),
}

/** Nanoseconds of CPU an event: the median of several rounds. */
async function cost(flush: () => Promise<void>): Promise<number> {
  const costs: number[] = []
  for (let round = 0; round < rounds; round++) {
    const start = cpuMicros()
    for (let left = flushesPerRound; left > 0; left--) await flush()
    costs.push(((cpuMicros() - start) * 1000) / (flushesPerRound * eventsPerBatch))
  }
  return median(costs)
}

async function main(): Promise<void> {
  const child = fork(new URL(import.meta.url), ['serve'])
  const [port] = (await once(child, 'message')) as [number]
  const batch = batchOf()
  const signal = new AbortController().signal
  const pool = new Pool(`http://127.0.0.1:${port}`, { connections: 1 })
  const post = async (body: Uint8Array): Promise<void> =>
    (await pool.request({ path: '/', method: 'POST', body })).body.dump()
  const rows: CostRow[] = []
  await cost(() => post(new Uint8Array(batch.bytes))) // the first requests of a process pay for compiling the client
  for (const [format, codec, options] of cases) {
    const body = formatterOf(codec).format(batch.chunks)
    const floor = { name: 'undici, bytes ready', cost: await cost(() => post(body)) }
    const output = await http.create(optionsOf(http, { port, format, ...options }), context)
    const name = [format, ...Object.values(options), `(${(body.length / eventsPerBatch).toFixed(0)} B)`].join(' ')
    rows.push({ name, cost: await cost(() => output.flush(batch, signal)), unit: 'event', floor })
    await output.close?.()
  }
  printCosts(`http: batches of ${eventsPerBatch} events`, rows)
  await pool.close()
  child.kill()
}

if (asServer) serve()
else await main()
