/* What runs in the guest: watches the lines of the bench chip by the input, and prints a line of JSON for each of what it saw. */
import gpio from '../../../inputs/gpio/index.js'
import { systemClock } from '../../../src/base/clock.js'
import { RecordingInputContext } from '../input-context.js'
import { optionsOf } from '../options.js'
import { BenchChip } from './bench-chip.js'

const chip = new BenchChip()
const { label } = chip
const long = '1h'

await edges()
await flood()
await rates()
await levels()
await refused()
await comesBack()

async function edges(): Promise<void> {
  const door = { line: 'door', edge: 'falling', active_low: true, debounce: '1ms' }
  const { context, stop } = start({ lines: [{ line: 'flow' }, door], records: 'both', interval: long })
  await context.received(2) // their levels
  const before = Date.now()
  for (const value of [1, 0, 1]) {
    chip.edge(0, value)
    await context.received(context.events.length + 1)
  }
  chip.edge(1, 1)
  await context.received(6)
  const after = Date.now()
  await stop()
  const times = context.events.slice(2).map(({ time }) => time.seconds * 1000 + time.nanoseconds / 1e6)
  print('edges', context.records.slice(2))
  print(
    'in_order',
    times.every((time, at) => time >= (times[at - 1] ?? before - 1) && time <= after + 1),
  )
}

async function flood(): Promise<void> {
  const { context, stop } = start({ lines: [{ line: 'flow', edge: 'rising' }], records: 'both', interval: long })
  await context.received(1)
  chip.edge(0, 1)
  chip.pulse(1099)
  await context.until(() => context.events.length - 1 + (context.dropped['overrun'] ?? 0) >= 1100)
  await stop()
  print('flood', { taken: context.events.length - 1, last: context.records.at(-1)?.['sequence'], ...context.dropped })
}

async function rates(): Promise<void> {
  const { context, stop } = start({ lines: [{ line: 'flow', edge: 'rising' }], records: 'rates', interval: '300ms' })
  await context.received(1)
  for (let count = 0; count < 20; count++) {
    chip.pulse()
    await systemClock.sleep(5)
  }
  await context.until(() => Number(context.records.at(-1)?.['total']) === 20)
  await stop()
  const sum = context.records.reduce((count, record) => count + Number(record['edges']), 0)
  const fastest = Math.max(...context.records.map(({ frequency }) => Number(frequency)))
  print('rates', { ...context.records.at(-1), edges: sum, frequency: fastest })
}

async function levels(): Promise<void> {
  chip.set(3, 1)
  const lines = [
    { line: 'heater', edge: 'none' },
    { line: '2', chip: label, name: 'spare', edge: 'none', active_low: true },
    { line: '0', chip: '/dev/gpiochip0', edge: 'none', bias: 'pull_up' },
  ]
  const { context, stop } = start({ lines, records: 'rates', interval: long })
  await context.received(3)
  await stop()
  print('levels', context.records)
}

async function refused(): Promise<void> {
  print('absent_line', await failure({ lines: [{ line: 'pump' }] }))
  print('beyond', await failure({ lines: [{ line: '999', chip: label }] }))
  const first = start({ lines: [{ line: 'door' }], records: 'rates', interval: long })
  await first.context.received(1)
  print('busy', await failure({ lines: [{ line: 'door' }] }))
  await first.stop()
}

async function comesBack(): Promise<void> {
  const { context, stop } = start({ lines: [{ line: 'door', edge: 'none' }], records: 'rates', interval: '50ms' })
  await context.received(1)
  chip.remove()
  print('gone', await failureOf(stop(false)))
  print('missing', await failure({ lines: [{ line: 'door' }] }))
  chip.insert()
  const again = start({ lines: [{ line: 'door' }], records: 'rates' })
  await again.context.received(1)
  await again.stop()
  print('back', again.context.records[0])
}

function start(raw: { readonly [option: string]: unknown }) {
  const context = new RecordingInputContext(systemClock)
  const stop = new AbortController()
  const ended = gpio.create(optionsOf(gpio, raw), context).run(stop.signal)
  ended.catch(() => {})
  return {
    context,
    stop: (abort = true): Promise<void> => {
      if (abort) stop.abort()
      return ended
    },
  }
}

function failure(raw: { readonly [option: string]: unknown }): Promise<string> {
  return failureOf(start(raw).stop(false))
}

async function failureOf(ended: Promise<void>): Promise<string> {
  try {
    await ended
    return 'no failure'
  } catch (error) {
    return String(error)
  }
}

function print(name: string, value: unknown): void {
  process.stdout.write(`@${name} ${JSON.stringify(value)}\n`)
}
