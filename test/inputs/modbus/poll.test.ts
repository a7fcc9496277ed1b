import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { compileDevices } from '../../../inputs/modbus/device.js'
import modbus from '../../../inputs/modbus/index.js'
import { Poll } from '../../../inputs/modbus/poll.js'
import { ModbusClient } from '../../../src/modbus/client.js'
import { framings } from '../../../src/modbus/framings.js'
import { queryOf } from '../../../src/modbus/pdu.js'
import { FakeClock } from '../../support/fake-clock.js'
import { RecordingInputContext } from '../../support/input-context.js'
import { optionsOf } from '../../support/options.js'
import { running } from '../../support/running.js'
import { type Coming, ScriptedLine } from '../../support/scripted-line.js'

const fields = [{ name: 'level', address: 0 }]

interface Polling {
  readonly clock: FakeClock
  readonly context: RecordingInputContext
  readonly line: ScriptedLine
  /** When each request to a unit was sent. */
  readonly asked: (unit: number) => number[]
}

/** Polls devices of which `answer` tells the PDUs; nothing is silence. They answer in 5 ms. */
async function polling(
  t: TestContext,
  raw: object,
  answer: (unit: number, request: Buffer, at: number) => readonly number[] | undefined,
): Promise<Polling> {
  const clock = new FakeClock()
  const context = new RecordingInputContext(clock)
  const options = optionsOf(modbus, { interval: '1s', timeout: '100ms', ...raw })
  const line = new ScriptedLine(clock, (heard): Coming => {
    const unit = heard[0] ?? 0
    const pdu = answer(unit, heard, clock.monotonic())
    const query = queryOf({ unit, table: 'holding', start: 0, count: 1 }, 0)
    return pdu ? [[5, framings.rtu.encode({ ...query, pdu: Uint8Array.from(pdu) })]] : []
  })
  const count = (name: string, amount: number): void => context.count(name, amount)
  const client = new ModbusClient({ line, framing: framings.rtu, clock, pauseMs: 0, count })
  const poll = new Poll(compileDevices(options), options, context)
  await running(t, {
    run: async (signal) => {
      signal.addEventListener('abort', () => line.close())
      await poll.run(client, signal).catch((error: unknown) => assert.ok(signal.aborted, String(error)))
    },
  })
  const asked = (unit: number): number[] => line.requests.filter(({ bytes }) => bytes[0] === unit).map(({ at }) => at)
  return { clock, context, line, asked }
}

function named(count: number, own: object = {}): object[] {
  return Array.from({ length: count }, (_, at) => ({ name: `device${at + 1}`, unit_id: at + 1, fields, ...own }))
}

describe('modbus input', () => {
  it('makes one record for each device and reading', async (t) => {
    const { clock, context } = await polling(t, { devices: named(2) }, (unit) => [3, 2, 0, unit])
    await clock.advance(1500)
    assert.deepEqual(context.records, [
      { device: 'device1', level: 1 },
      { device: 'device2', level: 2 },
      { device: 'device1', level: 1 },
      { device: 'device2', level: 2 },
    ])
  })

  it('reads each device at its own interval', async (t) => {
    const devices = [
      { name: 'a', unit_id: 1, fields, interval: '200ms' },
      { name: 'b', unit_id: 2, fields },
    ]
    const { clock, asked } = await polling(t, { devices }, () => [3, 2, 0, 0])
    await clock.advance(990)
    assert.deepEqual(asked(1), [0, 200, 400, 600, 800])
    assert.equal(asked(2).length, 1)
  })

  it('loses no more than the time-out for a dead device, and asks it more and more rarely', async (t) => {
    const raw = { devices: named(3), retries: 0, max_backoff: '8s' }
    const { clock, context, asked } = await polling(t, raw, (unit) => (unit === 2 ? undefined : [3, 2, 0, unit]))
    await clock.advance(30_500)
    assert.deepEqual(asked(2), [5, 2105, 6205, 14_305, 22_405])
    for (const unit of [1, 3]) {
      assert.equal(asked(unit).length, 31)
      for (const [at, sent] of asked(unit).entries()) assert.ok(sent - at * 1000 <= 110, `unit ${unit}: ${sent} ms`)
    }
    assert.equal(context.counted['timeouts'], 5)
    assert.equal(context.counted['late_readings'], undefined)
    const warnings = context.log.lines.filter(({ level }) => level === 'warn')
    assert.deepEqual(
      warnings.map(({ fields: each }) => each),
      [{ device: 'device2', unit_id: 2, reason: 'silent' }],
    )
  })

  it('asks a device again at its interval as soon as it answers', async (t) => {
    const raw = { devices: named(1), retries: 1 }
    const { clock, context, asked } = await polling(t, raw, (_unit, _heard, at) =>
      at < 3000 ? undefined : [3, 2, 0, 9],
    )
    await clock.advance(9000)
    // At first it is asked twice, then once.
    assert.deepEqual(asked(1).slice(0, 4), [0, 100, 2200, 6300])
    assert.deepEqual(asked(1).slice(4), [7300, 8300])
    assert.equal(context.log.lines.at(-1)?.message, 'device answers again')
  })

  it('tells exceptions by their names, and the values that could be read', async (t) => {
    const own = { fields: [...fields, { name: 'gone', address: 50 }] }
    const raw = { devices: named(1, own), errors: true }
    const { clock, context } = await polling(t, raw, (_, heard) => (heard[3] === 50 ? [0x83, 2] : [3, 2, 0, 1]))
    await clock.advance(100)
    assert.deepEqual(
      context.events.map(({ tag, record }) => [tag, record]),
      [
        [
          'test.errors',
          { device: 'device1', error: 'illegal_data_address', code: 2, table: 'holding', address: 50, count: 1 },
        ],
        ['test', { device: 'device1', level: 1 }],
      ],
    )
    assert.equal(context.counted['exceptions'], 1)
  })

  it('takes a device that a gateway cannot reach for a dead one', async (t) => {
    const { clock, asked } = await polling(t, { devices: named(1) }, () => [0x83, 0x0b])
    await clock.advance(3000)
    assert.deepEqual(asked(1), [0, 2005])
  })

  it('does not read while there is no room', async (t) => {
    const { clock, context, asked } = await polling(t, { devices: named(1) }, () => [3, 2, 0, 1])
    context.hasRoom = false
    await clock.advance(5000)
    assert.equal(asked(1).length, 1)
    context.hasRoom = true
    await clock.advance(1000)
    assert.ok(asked(1).length > 1)
  })

  const numbered: readonly [register: number, table: string, address: number][] = [
    [1, 'coil', 0],
    [9999, 'coil', 9998],
    [10_001, 'discrete', 0],
    [30_001, 'input', 0],
    [39_999, 'input', 9998],
    [40_001, 'holding', 0],
    [40_101, 'holding', 100],
    [100_001, 'discrete', 0],
    [300_001, 'input', 0],
    [465_536, 'holding', 65_535],
  ]
  for (const [register, table, address] of numbered) {
    it(`reads ${register} of a manual at address ${address} of the ${table} table`, () => {
      const options = optionsOf(modbus, { devices: [{ name: 'd', fields: [{ name: 'x', register }] }] })
      const [block] = compileDevices(options)[0]?.blocks ?? []
      assert.deepEqual([block?.table, block?.start, block?.count], [table, address, 1])
    })
  }

  it('takes an address for what is on the wire, however great it is', () => {
    const options = optionsOf(modbus, { devices: [{ name: 'd', fields: [{ name: 'x', address: 40_001 }] }] })
    const [block] = compileDevices(options)[0]?.blocks ?? []
    assert.deepEqual([block?.table, block?.start], ['holding', 40_001])
  })

  const wrong: readonly [what: string, field: object, message: RegExp][] = [
    ['a text without a length', { type: 'ascii' }, /"x": length: expected with type ascii/],
    ['bits of a signed type', { type: 'i16', bits: '3' }, /"x": .*bits: expected only with an unsigned type/],
    ['a type in a table of bits', { table: 'coil', type: 'u32' }, /"x": expected neither type/],
    ['a value behind the last register', { address: 65_535, type: 'u32' }, /"x": address: .*room for 2/],
    ['a value without an address', { address: undefined }, /"x": expected an address, or a register .*, got neither/],
    ['an address beside a register', { register: 40_001 }, /"x": expected an address or a register, got both/],
    [
      'a table beside a register',
      { address: undefined, register: 40_001, table: 'input' },
      /"x": expected no table beside register/,
    ],
    ['a register of no table', { address: undefined, register: 20_001 }, /register: expected .* got 20001/],
    ['a register that counts from 0', { address: undefined, register: 40_000 }, /register: expected .* got 40000/],
    ['a name of another field', { name: 'level' }, /device "d": fields: expected each name once, got "level" twice/],
  ]
  for (const [what, field, message] of wrong) {
    it(`refuses ${what}, and says where`, () => {
      const given = Object.entries({ name: 'x', address: 5, ...field }).filter(([, value]) => value !== undefined)
      const devices = [{ name: 'd', fields: [...fields, Object.fromEntries(given)] }]
      assert.throws(() => compileDevices(optionsOf(modbus, { devices })), message)
    })
  }
})
