import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { describe, it, type TestContext } from 'node:test'
import modbus from '../../../inputs/modbus/index.js'
import { systemClock } from '../../../src/base/clock.js'
import type { EventRecord } from '../../../src/event/event.js'
import { RecordingInputContext } from '../../support/input-context.js'
import { type ModbusPorts, modbusDevices, noModbus, pluggedLine } from '../../support/modbus-devices.js'
import { optionsOf } from '../../support/options.js'
import { running } from '../../support/running.js'
import { Tree } from '../../support/tree.js'
import { within } from '../../support/within.js'

/** What the devices have in each order of bytes, 18 registers further on for each. */
const numbers = [
  ['u32', 0, 3_000_000_000],
  ['i32', 2, -123_456_789],
  ['f32', 4, 230.5],
  ['u64', 6, Number.MAX_SAFE_INTEGER],
  ['i64', 10, -5],
  ['f64', 14, -0.125],
] as const

function numberFields(): object[] {
  return ['be', 'le', 'badc', 'cdab'].flatMap((order, place) =>
    // Registers that one order takes: 3 values of 2 and 3 of 4.
    numbers.map(([type, at]) => ({ name: `${type}_${order}`, type, order, address: place * 18 + at })),
  )
}

const expectedNumbers = Object.fromEntries(
  ['be', 'le', 'badc', 'cdab'].flatMap((order) => numbers.map(([type, , value]) => [`${type}_${order}`, value])),
)

const otherFields = [
  { name: 'first', table: 'input', address: 0 },
  { name: 'scaled', table: 'input', address: 1, scale: 0.1, offset: -10 },
  { name: 'text', table: 'input', address: 190, type: 'ascii', length: 8 },
  { name: 'swapped', table: 'input', address: 190, type: 'ascii', length: 8, order: 'badc' },
  { name: 'negative', table: 'input', address: 194, type: 'i16' },
  { name: 'flags', table: 'input', address: 195, bits: { alarm: '15', low: '0', middle: '1..3' } },
  { name: 'discrete0', table: 'discrete', address: 0 },
  { name: 'discrete1', table: 'discrete', address: 1 },
  { name: 'coil99', table: 'coil', address: 99 },
  { name: 'coil98', table: 'coil', address: 98 },
]

const expectedOthers = {
  text: 'Sluice 1',
  swapped: 'lSiuec1',
  negative: -1,
  alarm: true,
  low: true,
  middle: 0,
  discrete0: true,
  discrete1: false,
  coil99: true,
  coil98: false,
}

/** Reads until there are so many records. */
async function recordsOf(t: TestContext, raw: object, count: number): Promise<EventRecord[]> {
  const context = new RecordingInputContext(systemClock)
  const run = await running(t, modbus.create(optionsOf(modbus, { interval: '50ms', ...raw }), context))
  await within(20_000, context.received(count), `${count} records`)
  await run.stop()
  return context.records.slice(0, count)
}

describe('modbus input and devices of pymodbus', { skip: noModbus }, () => {
  let ports: ModbusPorts | undefined
  const portsOf = async (t: TestContext): Promise<ModbusPorts> => (ports ??= await modbusDevices(t))

  it('understand each other in every way to reach a device', async (t) => {
    const at = await portsOf(t)
    const folder = new Tree(t)
    await pluggedLine(t, folder.path('rtu'), at.rtu)
    await pluggedLine(t, folder.path('ascii'), at.ascii)
    const ways = [
      { mode: 'tcp', port: at.tcp },
      { mode: 'rtu_over_tcp', port: at.rtu },
      { mode: 'ascii_over_tcp', port: at.ascii },
      { mode: 'rtu', path: folder.path('rtu'), baud_rate: 115_200, exclusive: false },
      { mode: 'ascii', path: folder.path('ascii'), baud_rate: 115_200, exclusive: false },
    ]
    const devices = [1, 2].map((unit) => ({ name: `d${unit}`, unit_id: unit, fields: otherFields }))
    devices.push({ name: 'd17', unit_id: 17, fields: numberFields() as typeof otherFields })
    for (const way of ways) {
      const records = await recordsOf(t, { ...way, devices }, 3)
      assert.deepEqual(
        new Set(records),
        new Set([
          { device: 'd1', first: 0, scaled: -9.9, ...expectedOthers },
          { device: 'd2', first: 1000, scaled: 90.1, ...expectedOthers },
          { device: 'd17', ...expectedNumbers },
        ]),
        way.mode,
      )
    }
    const errors = [
      { name: 'dead', unit_id: 9, fields: otherFields },
      { name: 'short', unit_id: 1, fields: [{ name: 'x', address: 199, type: 'u32' }] },
    ]
    const raw = { mode: 'tcp', port: at.tcp, timeout: '50ms', retries: 0, errors: true, devices: errors }
    assert.deepEqual(await recordsOf(t, raw, 2), [
      { device: 'dead', error: 'silent', table: 'coil', address: 98, count: 2 },
      { device: 'short', error: 'illegal_data_address', code: 2, table: 'holding', address: 199, count: 2 },
    ])
  })
})

/** Answers register 0 with how many requests came over this connection, and hangs up behind the second. */
function impatient(socket: Socket): void {
  let requests = 0
  socket.on('error', () => undefined)
  socket.on('data', (bytes) => {
    requests++
    socket.write(Buffer.concat([bytes.subarray(0, 4), Buffer.of(0, 5, bytes[6] ?? 0, 3, 2, 0, requests)]))
    if (requests === 2) socket.end()
  })
}

async function listening(t: TestContext, connected: (socket: Socket) => void): Promise<number> {
  const server = createServer(connected).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => void server.close())
  return (server.address() as AddressInfo).port
}

describe('modbus input over TCP', () => {
  const devices = [{ name: 'plc', fields: [{ name: 'n', address: 0 }] }]

  it('connects again to a device that ends connections', async (t) => {
    const port = await listening(t, impatient)
    const records = await recordsOf(t, { port, devices, interval: '10ms' }, 4)
    assert.deepEqual(
      records.map(({ n }) => n),
      [1, 2, 1, 2],
    )
  })

  it('fails, to be run again later, where nobody answers at all', async (t) => {
    const port = await listening(t, (socket) => socket.end())
    const input = modbus.create(optionsOf(modbus, { port, devices }), new RecordingInputContext(systemClock))
    await assert.rejects(within(20_000, input.run(new AbortController().signal), 'failure'), { code: 'MODBUS_LOST' })
  })
})
