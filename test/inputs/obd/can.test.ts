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
  await within(20_000, context.received(count), `${count} records`)
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

  it('reads data by identifiers and codes of UDS, of whoever answers or of one ECU', async (t) => {
    const soc = { name: 'charge', type: 'u8', scale: 0.5, at: 1 }
    const identifiers = [
      { id: 0xf190, fields: [{ name: 'vin', type: 'ascii' }] },
      { id: 0x0101, ecu: '7E9', fields: [soc] },
    ]
    const car = asking(t, { pids: ['engine_speed'], identifiers, dtcs: '60s', uds_dtcs: true, interval: '60s' })
    const vin = '62F19057304C30303030303030303030303030303030'
    addEcu({ ...car, answers: { ...engine, '22F190': vin, '220101': '620101FFFF' }, number: 0 })
    const battery = { '0100': '410000000000', '220101': '62010100A1', '19020D': ['7F1978', '5902FF0A9B1708'] }
    addEcu({ ...car, answers: battery, number: 1 })
    await car.start()
    await received(car, 5)
    assert.deepEqual(
      car.context.events.slice(1).map(({ tag, record }) => [tag, record]),
      [
        ['test.identifiers', { ecu: '7E8', vin: 'W0L0000000000000000' }],
        ['test.identifiers', { ecu: '7E9', charge: 80.5 }],
        ['test.dtcs', { ecu: '7E8', stored: ['P0143'], pending: [], permanent: ['P0143'] }],
        ['test.uds_dtcs', { ecu: '7E9', dtcs: [{ code: 'P0A9B-17', status: ['confirmed'] }] }],
      ],
    )
    assert.ok(car.bus.sent.includes('7E1#03220101CCCCCCCC'), car.bus.sent.join())
    assert.deepEqual(car.context.counted, {})
  })

  it('asks for no identifier again that ECUs refuse or do not know, but where they are busy', async (t) => {
    const fields = [{ name: 'a', type: 'u8' }]
    const identifiers = [1, 2, 3, 4, 5].map((id) => ({ id, interval: '1s', fields }))
    const car = asking(t, { pids: ['engine_speed'], identifiers, interval: '60s' })
    // Of the third the data is too short.
    const answers = { '220001': '7F2231', '220002': '7F2221', '220003': '620003', '220005': '62000507' }
    addEcu({ ...car, answers: { ...engine, ...answers }, number: 0 })
    await car.start()
    await received(car, 5)
    const asked = (id: number): number => car.bus.sent.filter((text) => text.startsWith(`7DF#0322000${id}`)).length
    const { refused_requests: refused, malformed_answers: malformed } = car.context.counted
    assert.deepEqual([asked(1), asked(4)], [1, 3])
    assert.ok(asked(2) >= 4 && asked(3) >= 4 && asked(5) >= 4)
    assert.deepEqual([refused, malformed], [asked(2) + 1, asked(3)])
    const warned = car.context.log.lines.map(({ message }) => message)
    assert.ok(warned.includes('no ECU answers to an identifier'))
  })

  it('refuses identifiers whose fields make no sense, before it asks anybody', () => {
    const identifiers = [{ id: 1, fields: [{ name: 'a', type: 'u8', bits: '9' }] }]
    const create = () => obd.create(optionsOf(obd, { identifiers }), new RecordingInputContext())
    assert.throws(create, { code: /^LAYOUT_/ })
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
