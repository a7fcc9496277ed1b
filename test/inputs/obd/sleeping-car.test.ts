import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import obd from '../../../inputs/obd/index.js'
import { engine } from '../../support/ecu.js'
import { ElmSimulator, type Habits } from '../../support/elm327.js'
import { FakeClock } from '../../support/fake-clock.js'
import { RecordingInputContext } from '../../support/input-context.js'
import { optionsOf } from '../../support/options.js'
import { running } from '../../support/running.js'
import { within } from '../../support/within.js'

/** An adapter on a clock that stands still: what is waited for is waited for by `told`, which lets the sockets do their part. */
async function asking(t: TestContext, habits: Partial<Habits> = {}, raw: object = {}) {
  const adapter = await ElmSimulator.start(t, { ecus: { '7E8': engine }, ...habits })
  const clock = new FakeClock()
  const context = new RecordingInputContext(clock)
  const given = { mode: 'tcp', host: '127.0.0.1', port: adapter.port, dtcs: 0, vehicle: false, ...raw }
  const input = obd.create(optionsOf(obd, given), context)
  return { adapter, clock, context, input }
}

/** Resolves once the adapter was told a command so often. */
async function told(adapter: ElmSimulator, command: string, times: number): Promise<void> {
  const isTold = (): boolean => adapter.commands.filter((each) => each === command).length >= times
  const waiting = async (): Promise<void> => {
    while (!isTold()) await new Promise<void>((resolve) => setImmediate(resolve))
  }
  await within(20_000, waiting(), `${times} times ${command}`)
}

/** Resolves once the input waits for time to pass and for nothing else. */
async function idle(clock: FakeClock): Promise<void> {
  for (let turn = 0, quiet = 0; quiet < 20 && turn < 5000; turn++) {
    await new Promise<void>((resolve) => setImmediate(resolve))
    quiet = clock.waiting === 1 ? quiet + 1 : 0
  }
}

describe('obd input and a car that sleeps', () => {
  it('asks from time to time whether the car is back, says so once, and reads on when it is', async (t) => {
    const { adapter, clock, context, input } = await asking(t, {}, { pids: ['engine_speed'] })
    adapter.isAsleep = true
    await running(t, input)
    for (let times = 1; times <= 3; times++) {
      await told(adapter, '0100', times)
      await idle(clock)
      await clock.advance(5000)
    }
    adapter.isAsleep = false
    await told(adapter, '0100', 4)
    await idle(clock)
    await clock.advance(5000)
    await within(20_000, context.received(1), 'a record')
    const warnings = context.log.lines.filter(({ level }) => level === 'warn').map(({ message }) => message)
    assert.deepEqual(warnings, ['the car does not answer; is its ignition on?'])
    assert.ok((context.counted['adapter_unable_to_connect'] ?? 0) >= 3)
  })

  it('notices that the car fell asleep, and finds out anew what it has', async (t) => {
    const { adapter, clock, context, input } = await asking(t, {}, { pids: ['engine_speed'], vehicle: true })
    await running(t, input)
    await within(20_000, context.received(2), 'two records')
    adapter.isAsleep = true
    for (let times = 2; times <= 4; times++) {
      await idle(clock)
      await clock.advance(1000)
      await told(adapter, '010C1', times)
    }
    await told(adapter, '0100', 2)
    adapter.isAsleep = false
    await idle(clock)
    await clock.advance(5000)
    await within(20_000, context.received(4), 'two more records')
    const tags = context.events.map(({ tag }) => tag)
    assert.deepEqual(tags, ['test.vehicle', 'test', 'test.vehicle', 'test'])
  })

  it('asks no more for what an ECU refuses, or nobody answers', async (t) => {
    const ecu = { ...engine, '010C': '7F0112' }
    const { adapter, clock, context, input } = await asking(t, { ecus: { '7E8': ecu } }, { pids: ['0C', '0D', '1F'] })
    await running(t, input)
    for (let times = 1; times <= 5; times++) {
      await within(20_000, context.received(times), 'a record')
      await idle(clock)
      await clock.advance(1000)
    }
    const asked = (command: string): number => adapter.commands.filter((each) => each === command).length
    assert.deepEqual([asked('010C1'), asked('011F1')], [1, 3])
    assert.ok(asked('010D1') >= 5)
    assert.equal(context.counted['refused_requests'], 1)
  })

  it('asks each group at its own interval', async (t) => {
    const raw = { pids: ['0D'], groups: [{ interval: '3s', pids: ['05', 'engine_speed'] }] }
    const { clock, context, input } = await asking(t, {}, raw)
    await running(t, input)
    for (let count = 2, second = 0; second < 4; second++) {
      await within(20_000, context.received(count), 'records')
      await idle(clock)
      await clock.advance(1000)
      count += second === 2 ? 2 : 1
    }
    const kinds = context.records.slice(0, 6).map((record) => ('vehicle_speed' in record ? 'fast' : 'slow'))
    assert.deepEqual(kinds, ['fast', 'slow', 'fast', 'fast', 'fast', 'slow'])
  })

  it('says which of the parameters the car does not have', async (t) => {
    const { context, input } = await asking(t, {}, { pids: ['odometer', 'engine_speed'] })
    await running(t, input)
    await within(20_000, context.received(1), 'a record')
    const line = context.log.lines.find(({ message }) => message === 'the car does not have these parameters')
    assert.deepEqual(line?.fields, { pids: 'A6' })
  })
})

describe('obd input and an adapter that is none', () => {
  it('fails where nothing answers', async (t) => {
    const { adapter, clock, input } = await asking(t, { mute: true })
    const failed = assert.rejects(input.run(t.signal), { code: 'OBD_ADAPTER', message: /got nothing; check baud_rate/ })
    for (const [command, times] of [
      ['', 1],
      ['ATZ', 1],
      ['ATZ', 2],
    ] as const) {
      await told(adapter, command, times)
      await idle(clock)
      await clock.advance(3000)
    }
    await failed
  })

  it('fails where something else answers, or where it is gone', async (t) => {
    const other = await asking(t)
    other.adapter.scripted.set('ATZ', ['login:'])
    await assert.rejects(other.input.run(t.signal), { code: 'OBD_ADAPTER', message: /got "LOGIN:"/ })
    const gone = await asking(t)
    const failed = assert.rejects(gone.input.run(t.signal), /closed/)
    await told(gone.adapter, 'ATSP0', 1)
    gone.adapter.stop()
    await failed
  })

  it('fails where the adapter does not speak the protocol', async (t) => {
    const { input } = await asking(t, { unknown: /^ATSP/ }, { protocol: 'can_29bit_500k' })
    await assert.rejects(input.run(t.signal), { code: 'OBD_ADAPTER', message: /can_29bit_500k/ })
  })

  it('fails where nobody listens', async (t) => {
    const { adapter, input } = await asking(t)
    adapter.stop()
    await assert.rejects(input.run(t.signal), { code: 'NET_CONNECT' })
  })
})

describe('obd input', () => {
  it('refuses a parameter that there is not, in each of the places where one can stand', () => {
    const context = new RecordingInputContext()
    for (const raw of [{ pids: ['rpm'] }, { groups: [{ interval: '1s', pids: ['0C', '100'] }] }]) {
      assert.throws(() => obd.create(optionsOf(obd, { mode: 'tcp', ...raw }), context), { code: 'OBD_PARAMETER' })
    }
  })

  it('refuses a serial adapter without a device', () => {
    const context = new RecordingInputContext()
    assert.throws(() => obd.create(optionsOf(obd, { mode: 'serial' }), context), { code: 'SERIAL_NO_DEVICE' })
  })
})
