import { systemClock } from '../src/base/clock.js'
import { Intake } from '../src/engine/intake.js'
import { EntryWriter } from '../src/event/entry-writer.js'
import type { EventRecord } from '../src/event/event.js'
import { Appender } from '../src/log/appender.js'
import { Cursor } from '../src/log/cursor.js'
import { Lane } from '../src/log/lane.js'
import { MemoryBudget } from '../src/log/memory-budget.js'
import { Ledger } from '../src/observe/ledger.js'
import { measure, printCosts } from './measure.js'

/** What the way into the log and out of it costs an event, beside encoding alone and beside copying the same bytes. */

const count = 5000
const record: EventRecord = {
  device: 'gateway-17',
  sensor: 'engine.coolant.temperature',
  value: 87.25,
  count: 12345,
  ok: true,
}
const silent = { error: ignore, warn: ignore, info: ignore, debug: ignore }
const ledger = new Ledger()
const cursors: Cursor[] = []
const lane = new Lane({
  run: 'bench',
  budget: new MemoryBudget(64 * 1024 * 1024),
  clock: systemClock,
  readers: () => cursors,
})
for (const id of ['first', 'second']) cursors.push(new Cursor(lane, { id, matches: () => true }, ledger.output(id)))
const appender = new Appender(lane, { id: 'bench', full: 'wait', ack: 'delivered' }, ledger.input('bench'))
const intake = new Intake({ appender, clock: systemClock, log: silent, filters: () => [] })

function ignore(): void {
  // Nothing is logged here.
}

/** What outputs do: every cursor takes all there is and is done with it. */
function drain(): void {
  for (const cursor of cursors) {
    for (let chunks = cursor.take(Infinity); chunks.length > 0; chunks = cursor.take(Infinity)) {
      for (const chunk of chunks) cursor.settle(chunk)
    }
  }
}

const writer = new EntryWriter(1 << 20)

function encode(): void {
  writer.clear()
  for (let index = 0; index < count; index++) writer.writeEvent(1_795_467_780, 123_456_789, record)
}

encode()
const entries = Buffer.from(writer.peek())
const copy = Buffer.alloc(entries.length)
const encoded = { name: 'writeEvent alone', cost: measure(count, encode) }
const copied = { name: 'copying the bytes', cost: measure(count, () => copy.set(entries)) }

function emitAll(): void {
  for (let index = 0; index < count; index++) intake.emit('bench', record, undefined, undefined)
  drain()
}

/** As inputs that read blocks do. */
const blocks = 10
const block = entries.subarray(0, entries.length / blocks)

function emitEntries(): void {
  for (let index = 0; index < blocks; index++) intake.emitEntries('bench', block, count / blocks, undefined)
  drain()
}

printCosts(`log: ${(entries.length / count).toFixed(0)} bytes, two outputs`, [
  { name: 'emit, take, settle', cost: measure(count, emitAll), unit: 'event', floor: encoded },
  { name: 'emitEntries, take, settle', cost: measure(count, emitEntries), unit: 'event', floor: copied },
])
