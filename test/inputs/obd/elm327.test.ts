import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import obd from '../../../inputs/obd/index.js'
import { systemClock } from '../../../src/base/clock.js'
import type { EventRecord } from '../../../src/event/event.js'
import { engine } from '../../support/ecu.js'
import { ElmSimulator, type Habits } from '../../support/elm327.js'
import { RecordingInputContext } from '../../support/input-context.js'
import { optionsOf } from '../../support/options.js'
import { skipPty } from '../../support/pty-pair.js'
import { type Run, running } from '../../support/running.js'
import { Tree } from '../../support/tree.js'
import { within } from '../../support/within.js'

interface Asking {
  readonly adapter: ElmSimulator
  readonly context: RecordingInputContext
  readonly run: Run
}

/** A car that is asked once a minute, so that each test sees one reading unless it wants more. */
async function asking(t: TestContext, habits: Partial<Habits> = {}, raw: object = {}): Promise<Asking> {
  const adapter = await ElmSimulator.start(t, { ecus: { '7E8': engine }, ...habits })
  const context = new RecordingInputContext(systemClock)
  const given = { mode: 'tcp', host: '127.0.0.1', port: adapter.port, interval: '60s', dtcs: 0, vehicle: false, ...raw }
  const run = await running(t, obd.create(optionsOf(obd, given), context))
  return { adapter, context, run }
}

const values = {
  ecu: '7E8',
  mil: true,
  dtc_count: 1,
  incomplete_monitors: ['evaporative_system'],
  engine_load: 60,
  coolant_temperature: 70,
  engine_speed: 1726,
  vehicle_speed: 50,
  intake_air_temperature: 25,
  throttle_position: (128 * 100) / 255,
  obd_standard: 'EOBD',
  control_module_voltage: 12.6,
}
const { ecu: _ecu, ...anonymous } = values

function received(context: RecordingInputContext, count: number): Promise<EventRecord[]> {
  return within(
    5000,
    context.received(count).then(() => context.records),
    `${count} records`,
  )
}

describe('obd input with an adapter', () => {
  it('reads all that the car has and the table names', async (t) => {
    const { context, adapter } = await asking(t)
    assert.deepEqual(await received(context, 1), [values])
    assert.equal(context.events[0]?.tag, 'test')
    assert.deepEqual(context.counted, {})
    assert.ok(adapter.commands.includes('010C1'), 'it says how many answers it waits for')
  })

  it('asks one ECU alone for data by its identifier, and all again then', async (t) => {
    for (const [first, second, header] of [
      ['7E8', '7EC', '7E4'],
      ['18DAF110', '18DAF117', 'DA17F1'],
    ] as const) {
      const answers = { '220101': '6201010A5D' }
      const ecus = { [first]: { ...engine, ...answers }, [second]: answers }
      const identifiers = [{ id: 0x101, ecu: second, interval: '1s', fields: [{ name: 'charge', type: 'u16' }] }]
      const { context, adapter } = await asking(t, { ecus }, { identifiers, pids: ['vehicle_speed'], interval: '1s' })
      await received(context, 4)
      const said = context.events.slice(0, 4).map(({ tag, record }) => [tag, record['ecu'], record['charge']])
      const both = [
        ['test', first, undefined],
        ['test.identifiers', second, 0x0a5d],
      ]
      assert.deepEqual(said, [...both, ...both])
      assert.ok(adapter.commands.includes(`ATSH${header}`))
    }
  })

  it('reads codes, what was when they came, and what runs in the car, each under a tag of its own', async (t) => {
    const raw = { dtcs: '60s', vehicle: true, freeze_frame: true, pids: ['vehicle_speed'], units: true }
    const { context } = await asking(t, { ecus: { '7E8': { ...engine, '020000': '42000050100000' } } }, raw)
    await received(context, 4)
    assert.deepEqual(
      context.events.map(({ tag, record }) => [tag, record]),
      [
        [
          'test.vehicle',
          {
            ecu: '7E8',
            vin: 'W0000000000000000',
            calibration_ids: ['JMB*300000000000'],
            calibration_checks: ['12345678'],
            ecu_name: 'ECM\0EngineControl'.replace('\0', ''),
          },
        ],
        ['test', { ecu: '7E8', vehicle_speed: 50, units: { vehicle_speed: 'km/h' } }],
        ['test.dtcs', { ecu: '7E8', stored: ['P0143'], pending: [], permanent: ['P0143'] }],
        [
          'test.freeze_frame',
          { ecu: '7E8', freeze_frame_dtc: 'P0143', engine_speed: 1250, units: { engine_speed: 'rpm' } },
        ],
      ],
    )
  })

  const habits: [name: string, habits: Partial<Habits>, record: EventRecord][] = [
    ['sends bytes one by one with noise between them', { noisy: true }, values],
    ['repeats whatever it is told', { echoing: true }, values],
    ['knows half of the commands', { unknown: /^(ATAT1|ATS0|ATL0|ATST|01....?1$|01..1$)/ }, values],
    ['does not say who answers', { unknown: /^ATH1$/ }, anonymous],
    ['speaks to an older bus', { protocol: '3', ecus: { 10: engine } }, { ...values, ecu: '10' }],
    ['speaks to an older bus and does not say who answers', { protocol: '3', unknown: /^ATH1$/ }, anonymous],
    ['has identifiers of 29 bits', { protocol: '7', ecus: { '18DAF110': engine } }, { ...values, ecu: '18DAF110' }],
  ]
  for (const [name, own, record] of habits) {
    it(`understands an adapter that ${name}`, async (t) => {
      const { context } = await asking(t, own)
      assert.deepEqual(await received(context, 1), [record])
    })
  }

  it('understands answers of many frames without headers too', async (t) => {
    const { context } = await asking(t, { unknown: /^ATH1$/ }, { vehicle: true })
    assert.equal((await received(context, 1))[0]?.['vin'], 'W0000000000000000')
  })

  it('gives each ECU a record of its own', async (t) => {
    const other = { '0100': '410000080000', '010D': '410D33' }
    const { context } = await asking(t, { ecus: { '7E8': engine, '7E9': other } }, { pids: ['0D', 'engine_speed'] })
    assert.deepEqual(await received(context, 2), [
      { ecu: '7E8', vehicle_speed: 50, engine_speed: 1726 },
      { ecu: '7E9', vehicle_speed: 51 },
    ])
  })

  it('tells a parameter that the table does not have by its bytes', async (t) => {
    const ecu = { '0100': '410000000001', '0120': '412000000001', '0140': '414000000001', '0160': '416000000020' }
    const { context } = await asking(t, { ecus: { '7E8': { ...ecu, '017B': '417B0102FF' } } }, { pids: ['7B'] })
    assert.deepEqual(await received(context, 1), [{ ecu: '7E8', pid_7b: '0102FF' }])
  })

  const troubles: [said: string, counter: string][] = [
    ['CAN ERROR', 'adapter_bus_error'],
    ['BUS INIT: ...ERROR', 'adapter_bus_error'],
    ['BUFFER FULL', 'adapter_buffer_full'],
    ['STOPPED', 'adapter_stopped'],
    ['7E804410C1A<DATA ERROR', 'adapter_data_error'],
    ['UNABLE TO CONNECT', 'adapter_unable_to_connect'],
    ['?', 'adapter_unknown_command'],
    ['7E804410C1AF', 'malformed_answers'],
    ['garbage', 'malformed_answers'],
  ]
  for (const [said, counter] of troubles) {
    it(`counts ${said}, and goes on`, async (t) => {
      const { adapter, context } = await asking(t, { unknown: /^010C1$/ }, { pids: ['engine_speed'], interval: '10ms' })
      await received(context, 1)
      adapter.scripted.set('010C', [said])
      await within(
        5000,
        context.until(() => (context.counted[counter] ?? 0) > 0),
        counter,
      )
      const before = context.events.length
      assert.deepEqual((await received(context, before + 1)).at(-1), { ecu: '7E8', engine_speed: 1726 })
    })
  }

  it('takes the answer of an ECU that said that it needs longer, and does not take that for a refusal', async (t) => {
    const { adapter, context } = await asking(t, {}, { pids: ['engine_speed'], interval: '10ms' })
    await received(context, 1)
    adapter.scripted.set('010C1', ['7E8037F0178'])
    adapter.scripted.set('010C', ['7E8037F0178\r7E804410C1AF8'])
    const before = context.events.length
    assert.deepEqual((await received(context, before + 3)).at(-1), { ecu: '7E8', engine_speed: 1726 })
    assert.deepEqual([adapter.scripted.get('010C1'), adapter.scripted.get('010C')], [[], []])
    assert.equal(context.counted['refused_requests'], undefined)
  })

  it('sets an adapter up again that began anew by itself', async (t) => {
    const { adapter, context } = await asking(t, {}, { pids: ['engine_speed'], interval: '10ms' })
    await received(context, 1)
    adapter.scripted.set('010C1', ['LV RESET\rELM327 v1.5'])
    await within(
      5000,
      context.until(() => context.counted['adapter_resets'] === 1),
      'a reset',
    )
    const before = context.events.length
    await received(context, before + 1)
    assert.equal(adapter.commands.filter((command) => command === 'ATZ').length, 2)
  })

  it('goes on with a line that was unplugged and is back', { skip: skipPty }, async (t) => {
    const link = `${new Tree(t).root}/agent`
    const adapter = await ElmSimulator.start(t, { ecus: { '7E8': engine }, noisy: true })
    const context = new RecordingInputContext(systemClock)
    const raw = { mode: 'serial', path: link, pids: ['engine_speed'], interval: '10ms', reconnect_interval: '10ms' }
    await running(t, obd.create(optionsOf(obd, { ...raw, dtcs: 0, vehicle: false }), context))
    const lost = (): number => context.counted['lost_lines'] ?? 0
    for (let times = 1; times <= 2; times++) {
      const pull = await adapter.plugIn(t, link)
      const before = context.events.length
      assert.deepEqual((await received(context, before + 3)).at(-1), { ecu: '7E8', engine_speed: 1726 })
      const lostBefore = lost()
      await pull()
      await within(
        5000,
        context.until(() => lost() > lostBefore),
        'the loss of the line',
      )
    }
  })
})
