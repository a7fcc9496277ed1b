import assert from 'node:assert/strict'
import { test } from 'node:test'
import signals from '../../filters/signals/index.js'
import type { EventRecord } from '../../src/event/event.js'
import { fileOf } from '../support/can-run.js'
import { eventOf, filtered, filterOf, outcomeOf } from '../support/filter.js'
import { carDbc, frameOf, recordsOf, reporterOf } from '../support/frame-reports.js'

const data = 'a00f6e0000000000'
const decoded = { bus: 'can0', direction: 'rx', id: 256, extended: false, message: 'Engine', Speed: 1000, Temp: 70 }

test('a frame is decoded in whatever way its record has it', (t) => {
  const { filter, counted } = filterOf(signals, { dbc: fileOf(t, carDbc, 'car.dbc') })
  const ways: readonly EventRecord[] = [
    { bus: 'can0', id: 256, data },
    { bus: 'can0', id: '100', data },
    { bus: 'can0', id: '0x100', extended: false, data: 'A0 0F 6E 00 00 00 00 00' },
    { bus: 'can0', id: 256, data: new Uint8Array(Buffer.from(data, 'hex')) },
    { bus: 'can0', id: 256n, data: [0xa0, 0x0f, 0x6e, 0, 0, 0, 0, 0] },
  ]
  for (const record of ways) assert.deepEqual(filtered(filter, record), [decoded])
  assert.deepEqual(counted, {})
})

test('fields may have other names, data may be base64, and what else the record has stays', (t) => {
  const options = { bus_key: 'ch', id_key: 'can_id', extended_key: 'ide', data_key: 'payload', encoding: 'base64' }
  const { filter } = filterOf(signals, { dbc: fileOf(t, carDbc, 'car.dbc'), ...options })
  const payload = Buffer.from('207d87481400f087', 'hex').toString('base64')
  const record = { vin: 'W0L', ch: 'can7', can_id: '0CF00400', ide: true, payload, data: 'mine', id: 5 }
  const { bus, id, source, EngineSpeed, vin, payload: left, data: own } = filtered(filter, record)[0] ?? {}
  assert.deepEqual(
    [bus, id, source, EngineSpeed, vin, left, own],
    ['can7', 0x0cf00400, 0, 649, 'W0L', undefined, 'mine'],
  )
})

test('a small identifier of 29 bits is known by its flag, and one of 11 bits is none of 29', (t) => {
  const dbc =
    'BO_ 2147483904 Far: 8 X\n SG_ A : 0|8@1+ (1,0) [0|0] "" X\nBO_ 256 Near: 8 X\n SG_ B : 0|8@1+ (1,0) [0|0] "" X\n'
  const { filter } = filterOf(signals, { dbc: fileOf(t, dbc, 'two.dbc') })
  const messageOf = (extended: boolean): unknown => filtered(filter, { id: 256, extended, data: '01' })[0]?.['message']
  assert.deepEqual([messageOf(true), messageOf(false)], ['Far', 'Near'])
})

test('a record for each signal keeps the tag and the time of the frame', (t) => {
  const { filter } = filterOf(signals, { dbc: fileOf(t, carDbc, 'car.dbc'), records: 'signal', units: true })
  const event = eventOf({ vin: 'W0L', id: 256, data })
  const events = outcomeOf(filter, event)
  assert.deepEqual(
    events.map(({ record: { vin, signal, value, unit } }) => [vin, signal, value, unit]),
    [
      ['W0L', 'Speed', 1000, 'rpm'],
      ['W0L', 'Temp', 70, 'degC'],
    ],
  )
  for (const { tag, time } of events) assert.deepEqual([tag, time], [event.tag, event.time])
})

test('what has no frame, a wrong one, or one that nobody knows passes as it was, and counts', (t) => {
  const { filter, counted } = filterOf(signals, { dbc: fileOf(t, carDbc, 'car.dbc') })
  const records: readonly EventRecord[] = [
    { log: 'hello' },
    { id: 'xyz', data },
    { id: 256, data: 'a0g' },
    { id: 2 ** 29, data },
    { id: 257, data },
    { id: 256, data, remote: true },
    { id: 256, data: '' },
  ]
  for (const record of records) assert.deepEqual(filtered(filter, record), [record])
  assert.deepEqual(counted, { without_frame: 1, bad_frames: 3, unknown_frames: 3, short_frames: 1 })
})

test('what is wrong in frames of any bus counts as it does at the input', (t) => {
  const rules = [{ message: 'Gearbox', counter: 'Gear' }]
  const { filter, counted } = filterOf(signals, { dbc: fileOf(t, carDbc, 'car.dbc'), quality: rules })
  const frames = [
    { bus: 'can0', id: 512, data: '01' },
    { bus: 'can0', id: 512, data: '05' },
    { bus: 'can1', id: 512, data: '05' },
    { bus: 'can1', id: 256, data: 'a00f' },
    { bus: 'can1', id: 768, data: '0300' },
    { bus: 'can1', id: '0cf00400', data: 'ffffff00ffffffff' },
    { bus: 'can1', id: '0cf00400', data: 'ffffff00feffffff' },
  ]
  const records = frames.flatMap((record) => filtered(filter, record))
  assert.deepEqual([records[1]?.['quality'], records[2]?.['quality']], ['counter', undefined])
  assert.deepEqual(counted, {
    counter_jumps: 1,
    short_frames: 1,
    unknown_selectors: 1,
    missing_values: 1,
    error_values: 1,
  })
})

test('buses have the DBC files that are theirs', (t) => {
  const { filter } = filterOf(signals, { dbc: { 'can*': fileOf(t, carDbc, 'car.dbc') } })
  const messageOf = (bus: string): unknown => filtered(filter, { bus, id: 256, data })[0]?.['message']
  assert.deepEqual([messageOf('can0'), messageOf('can1'), messageOf('vcan0')], ['Engine', 'Engine', undefined])
})

test('raw frames that the input told are decoded to what it would have told', (t) => {
  const { filter } = filterOf(signals, { dbc: fileOf(t, carDbc, 'car.dbc') })
  const frames = [
    frameOf(0x100, data),
    frameOf(0x200, '03'),
    frameOf(0x300, '0119'),
    frameOf(0x0cf00403, '207d87481400f087'),
  ]
  const raw = recordsOf(reporterOf({ mode: 'raw' }), ...frames)
  assert.deepEqual(
    raw.flatMap((record) => filtered(filter, record)),
    recordsOf(reporterOf(), ...frames),
  )
})

test('a DBC file that cannot be read is told with its path', () => {
  const expected = { code: 'CAN_DBC_FILE', message: /^dbc: ENOENT.*\/nowhere\/car\.dbc/ }
  assert.throws(() => filterOf(signals, { dbc: '/nowhere/car.dbc' }), expected)
})

test('a signal with the name of a field that the record has anyway gets an underscore behind it', (t) => {
  const dbc = `BO_ 256 Odd: 8 X
 SG_ id : 0|8@1+ (1,0) [0|0] "V" X
 SG_ id_ : 8|8@1+ (1,0) [0|0] "" X
 SG_ data : 16|8@1+ (1,0) [0|0] "" X
VAL_ 256 id 1 "one" ;
`
  const options = { dbc: fileOf(t, dbc, 'odd.dbc'), mode: 'both', labels: 'both', units: true }
  const { filter } = filterOf(signals, options)
  const [record] = filtered(filter, { bus: 'can0', id: 256, data: '010203' })
  const frame = { bus: 'can0', direction: 'rx', id: 256, extended: false, length: 3, data: '010203', message: 'Odd' }
  const own = { id__: 1, id___label: 'one', id_: 2, data_: 3, units: { id__: 'V' } }
  assert.deepEqual(record, { ...frame, ...own })
  const each = filterOf(signals, { ...options, mode: 'signals', records: 'signal' }).filter
  const names = filtered(each, { id: 256, data: '010203' }).map(({ signal }) => signal)
  assert.deepEqual(names, ['id', 'id_', 'data'])
})

const brakeDbc = `BO_ 291 Brake: 3 X
 SG_ Crc : 0|8@1+ (1,0) [0|0] "" X
 SG_ Count : 8|4@1+ (1,0) [0|0] "" X
 SG_ Pressure : 16|8@1+ (1,0) [0|0] "" X
`

test('a counter and a checksum mark the frames that they speak against, on the buses that have the message', (t) => {
  const dbc = { can0: fileOf(t, brakeDbc, 'brake.dbc'), can1: fileOf(t, carDbc, 'car.dbc') }
  const rule = { message: 'Brake', counter: 'Count', checksum: 'Crc', algorithm: 'sum', data_ids: ['0x10'] }
  const { filter } = filterOf(signals, { dbc, quality: [rule] })
  const qualityOf = (hex: string): unknown => filtered(filter, { bus: 'can0', id: 291, data: hex })[0]?.['quality']
  assert.deepEqual(['110001', '120101', '120102', '130102', '150302'].map(qualityOf), [
    undefined,
    undefined,
    'checksum',
    'counter',
    'counter',
  ])
  assert.deepEqual(filtered(filter, { bus: 'can1', id: 256, data }), [{ ...decoded, bus: 'can1' }])
})

test('a rule of quality that says nothing, or fits no message, is refused', (t) => {
  const dbc = fileOf(t, brakeDbc, 'brake.dbc')
  const refused: readonly (readonly [rule: object, message: RegExp])[] = [
    [{ message: 'Brake' }, /quality: message Brake: expected a counter or a checksum, got neither/],
    [{ message: 'Brake', checksum: 'Crc' }, /expected checksum and algorithm together, got one/],
    [{ message: 'Brakes', counter: 'Count' }, /got "Brakes"; did you mean "Brake"\?/],
    [{ message: 'Brake', counter: 'Counts' }, /message Brake: expected a signal of it, got "Counts"/],
    [
      { message: 'Brake', checksum: 'Crc', algorithm: 'xor', data_ids: ['300'] },
      /data_ids: expected a byte such as 0x1f, got "300"/,
    ],
  ]
  for (const [rule, message] of refused)
    assert.throws(() => filterOf(signals, { dbc, quality: [rule] }), { code: 'CAN_QUALITY', message })
})
