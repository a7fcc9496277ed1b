import {
  anything,
  choice,
  duration,
  flag,
  type inputOptions,
  integer,
  list,
  listOf,
  map,
  number,
  text,
  type ValuesOf,
} from 'sluice/plugin'
import { hostForm } from 'sluice/net'
import { serialOptions } from 'sluice/serial'

/** How a device orders the bytes of a value in its registers; A is the highest byte of four. */
const orders = ['be', 'le', 'badc', 'cdab'] as const
const orderText = '`be` (ABCD), `le` (DCBA), `badc` (BADC) or `cdab` (CDAB, the lower register first)'

const typePattern = '^([uif](32|64)|[ui]16|ascii|utf8|hex|bytes|bcd)$'

const fieldOptions = {
  name: text('Name of the value in the record.', { required: true }),
  table: choice(
    'Where it stands: coils, discrete inputs, holding registers or input registers; by default `holding`.',
    ['coil', 'discrete', 'holding', 'input'],
  ),
  address: integer('Its first register or bit, counted from 0.', { minimum: 0, maximum: 65_535 }),
  register: integer('Instead of `table` and `address`: its number as manuals give it, from 40001 or 400001 on.', {
    minimum: 1,
    maximum: 465_536,
  }),
  type: text('What its registers hold.', {
    default: 'u16',
    pattern: typePattern,
    expects: 'u16, i16, u32, i32, u64, i64, f32, f64, ascii, utf8, hex, bytes or bcd',
  }),
  length: integer('Bytes of `ascii`, `utf8`, `hex`, `bytes` and `bcd`, two to a register.', {
    minimum: 1,
    maximum: 250,
  }),
  order: choice(`Order of its bytes: ${orderText}; by default that of the device.`, orders),
  bits: anything('Bits of an unsigned type, the lowest being 0: `3`, `4..6`, or a map of names to such.', {
    type: ['string', 'object'],
    additionalProperties: { type: 'string' },
  }),
  scale: number('What the number is multiplied with.'),
  offset: number('What is added then.'),
  unit: text('Unit of the value: for whoever reads the file, or for the name with `unit_suffix`.', { filled: true }),
  enum: map('Numbers and the texts that stand for them; other numbers stay as they are.'),
  null_when: list('Numbers that say that there is no value.'),
} as const

const deviceOptions = {
  name: text('Name of the device in its records.', { required: true }),
  unit_id: integer('Its address on the line, or behind the gateway.', { default: 1, minimum: 0, maximum: 255 }),
  interval: duration('Time between two readings; by default that of all.', { minimum: 10 }),
  timeout: duration('How long it has to answer; by default that of all.', { minimum: 10 }),
  retries: integer('How often it is asked again; by default that of all.', { minimum: 0, maximum: 10 }),
  order: choice(`Order of bytes: ${orderText}.`, orders, { default: 'be' }),
  fields: listOf('Values to read.', fieldOptions, { required: true }),
} as const

export const modbusOptions = {
  mode: choice(
    'How devices are reached: Modbus TCP, RTU or ASCII on a serial line, or frames of those over a TCP connection.',
    ['tcp', 'rtu', 'ascii', 'rtu_over_tcp', 'ascii_over_tcp'],
    { default: 'tcp' },
  ),
  host: text('Over TCP: the device, or the gateway to several.', { default: '127.0.0.1', ...hostForm }),
  port: integer('Over TCP: its port.', { default: 502, minimum: 1, maximum: 65_535 }),
  connect_timeout: duration('Over TCP: longest that connecting may take.', { default: '5s', minimum: 10 }),
  devices: listOf('Devices on the line, each with its values.', deviceOptions, { required: true }),
  interval: duration('Time between two readings of a device.', { default: '10s', minimum: 10 }),
  timeout: duration('How long a device has to answer.', { default: '1s', minimum: 10 }),
  retries: integer('How often a device is asked again that did not answer; one that was silent before is asked once.', {
    default: 1,
    minimum: 0,
    maximum: 10,
  }),
  max_backoff: duration('Longest time between two attempts to reach a silent device; they double from `interval` on.', {
    default: '60s',
    minimum: 10,
  }),
  pause: duration('Least time between an answer and the next request; on RTU lines never less than 3.5 characters.', {
    default: '0s',
    maximum: 500,
  }),
  max_gap: integer('Most registers or bits that nobody asked for and that are read to save a request.', {
    default: 0,
    minimum: 0,
    maximum: 2000,
  }),
  max_registers: integer('Most registers in a request.', { default: 125, minimum: 1, maximum: 125 }),
  max_bits: integer('Most coils or discrete inputs in a request.', { default: 2000, minimum: 1, maximum: 2000 }),
  unit_suffix: flag('Put the unit behind the names of values, as in `voltage_V`.', { default: false }),
  errors: flag('A record under `TAG.errors` for each request that failed.', { default: false }),
  ...serialOptions,
} as const

export type ModbusOptions = ValuesOf<typeof modbusOptions & typeof inputOptions> & { readonly tag: string }
export type DeviceOptions = ModbusOptions['devices'][number]
export type FieldOptions = DeviceOptions['fields'][number]
