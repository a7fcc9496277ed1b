import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { CanCar } from '../../../inputs/obd/can-car.js'
import obd from '../../../inputs/obd/index.js'
import { Poll } from '../../../inputs/obd/poll.js'
import type { CanFrame } from '../../../src/can/frame.js'
import type { CanBus } from '../../../src/can-bus/can-bus.js'
import type { Input } from '../../../src/plugin/define.js'
import { addEcu, engine, MemoryBus } from '../../support/ecu.js'
import { FakeClock } from '../../support/fake-clock.js'
import { RecordingInputContext } from '../../support/input-context.js'
import { optionsOf } from '../../support/options.js'
import { type Run, running } from '../../support/running.js'
import { within } from '../../support/within.js'

/** A seat on a bus in memory that gives frames as an interface does: when it is asked for them. */
function interfaceOn(bus: MemoryBus): CanBus & { readonly closed: () => boolean } {
  const waiting: CanFrame[] = []
  let wake = (): void => undefined
  let isClosed = false
  const seat = bus.join((frame) => {
    waiting.push(frame)
    wake()
  })
  return {
    send: seat.send,
    closed: () => isClosed,
    close: () => {
      isClosed = true
    },
    async next(take, signal) {
      const ended = (): void => wake()
      signal.addEventListener('abort', ended)
      while (waiting.length === 0 && !signal.aborted) await new Promise<void>((resolve) => (wake = resolve))
      signal.removeEventListener('abort', ended)
      for (const frame of waiting.splice(0)) take(frame, 'can0')
      return !signal.aborted
    },
  }
}

interface Asking {
  readonly bus: MemoryBus
  readonly clock: FakeClock
  readonly context: RecordingInputContext
  readonly isClosed: () => boolean
  readonly input: Input
  readonly start: () => Promise<Run>
}

function asking(t: TestContext, raw: object = {}): Asking {
  const bus = new MemoryBus()
  const clock = new FakeClock()
  const context = new RecordingInputContext(clock)
  const seat = interfaceOn(bus)
  const options = optionsOf(obd, { dtcs: 0, vehicle: false, ...raw })
  const car = new CanCar(seat, options, context)
  const input = {
    run: (signal: AbortSignal) => car.during((until) => new Poll(car, options, context).run(until), signal),
  }
  return { bus, clock, context, isClosed: seat.closed, input, start: () => running(t, input) }
}

/** Moves on by a second at most, until there are so many records. */
async function received({ clock, context }: Asking, count: number): Promise<void> {
  for (let step = 0; step < 100 && context.events.length < count; step++) await clock.advance(50)
  await within(1000, context.received(count), `${count} records`)
}

describe('obd input on a CAN bus', () => {
  it('reads what the ECUs say, codes and the number of the vehicle too', async (t) => {
    const car = asking(t, { dtcs: '60s', vehicle: true, pids: ['engine_speed', 'vehicle_speed'] })
    addEcu({ ...car, answers: engine, number: 0 })
    addEcu({ ...car, answers: { '0100': '410000080000', '010D': '410D33' }, number: 1 })
    const { stop } = await car.start()
    await received(car, 4)
    const records = car.context.events.map(({ tag, record }) => [tag, record])
    assert.equal(records[0]?.[0], 'test.vehicle')
    assert.deepEqual(records.slice(1, 4), [
      ['test', { ecu: '7E8', engine_speed: 1726, vehicle_speed: 50 }],
      ['test', { ecu: '7E9', vehicle_speed: 51 }],
      ['test.dtcs', { ecu: '7E8', stored: ['P0143'], pending: [], permanent: ['P0143'] }],
    ])
    await stop()
    assert.ok(car.isClosed())
    assert.equal(car.clock.waiting, 0)
  })

  it('finds a car whose identifiers have 29 bits, and asks with these alone from then on', async (t) => {
    const car = asking(t, { pids: ['engine_speed'] })
    addEcu({ ...car, answers: engine, number: 0, extended: true })
    await car.start()
    await received(car, 2)
    assert.deepEqual(car.context.records[0], { ecu: '18DAF110', engine_speed: 1726 })
    const asked = car.bus.sent.filter((text) => text.endsWith('#02010CCCCCCCCCCC'))
    assert.ok(asked.length >= 2 && asked.every((text) => text.startsWith('18DB33F1#')), asked.join())
  })

  it('asks with identifiers of one length alone where the protocol says which', async (t) => {
    const car = asking(t, { protocol: 'can_29bit_500k' })
    await car.start()
    await car.clock.advance(20_000)
    assert.ok(car.bus.sent.length >= 4)
    assert.ok(car.bus.sent.every((text) => text.startsWith('18DB33F1#')))
  })

  it('fails where the bus does, and frees it', async (t) => {
    const car = asking(t)
    car.bus.isOff = true
    await assert.rejects(car.input.run(t.signal), /the bus is off/)
    assert.ok(car.isClosed())
  })

  it('refuses protocols that no CAN bus has', () => {
    const options = optionsOf(obd, { protocol: 'kwp_fast' })
    assert.throws(() => obd.create(options, new RecordingInputContext()), { code: 'OBD_PROTOCOL' })
  })
})
