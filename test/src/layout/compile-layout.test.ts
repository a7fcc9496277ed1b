import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import type { Value } from '../../../src/event/event.js'
import { compileLayout, type LayoutField, type LayoutSettings } from '../../../src/layout/index.js'

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex')
const read = (fields: readonly LayoutField[], text: string, settings: LayoutSettings = {}): object =>
  compileLayout(fields, settings)(hex(text))

/** A type, its bytes, and the value that they are. */
const types: readonly (readonly [type: string, bytes: string, value: Value])[] = [
  ['u8', 'ff', 255],
  ['i8', 'ff', -1],
  ['u16', '0102', 0x0102],
  ['u16be', '0102', 0x0102],
  ['u16le', '0102', 0x0201],
  ['i16be', 'fffe', -2],
  ['i16le', 'feff', -2],
  ['u16badc', '0102', 0x0201],
  ['u24be', '010203', 0x010203],
  ['i24le', 'feffff', -2],
  ['u32be', '01020304', 0x01020304],
  ['u32le', '01020304', 0x04030201],
  ['u32badc', '02010403', 0x01020304],
  ['u32cdab', '03040102', 0x01020304],
  ['i32cdab', 'fffeffff', -2],
  ['u40le', '0102030405', 0x0504030201],
  ['u48be', '010203040506', 0x010203040506],
  ['u56be', '1f ffff ffff ffff', 2 ** 53 - 1],
  ['i56le', 'feffffffffffff', -2],
  ['u64be', '001f ffff ffff ffff', 2 ** 53 - 1],
  ['u64be', '0020 0000 0000 0000', 2n ** 53n],
  ['u64le', 'ffffffffffffffff', 2n ** 64n - 1n],
  ['i64be', 'fffffffffffffffe', -2],
  ['i64le', '0000000000000080', -(2n ** 63n)],
  ['u64cdab', '0708 0506 0304 0102', 0x0102030405060708n],
  ['u64badc', '0201 0403 0605 0807', 0x0102030405060708n],
  ['f32be', '41460000', 12.375],
  ['f32le', '00004641', 12.375],
  ['f32badc', '46410000', 12.375],
  ['f32cdab', '00004146', 12.375],
  ['f64be', '4028c00000000000', 12.375],
  ['f64cdab', '0000 0000 c000 4028', 12.375],
  ['f32be', '7fc00000', null],
  ['f64le', '000000000000f07f', null],
  ['bcd', '1234', 1234],
  ['bcdle', '3412', 1234],
  ['bcd', '1234567890123456789f', null],
  ['bcd', '12345678901234567890', 12345678901234567890n],
  ['bool', '00', false],
  ['bool', '02', true],
  ['ascii', '41422000', 'AB'],
  ['ascii', '41004200', 'A'],
  ['utf8', 'c3a4', 'ä'],
  ['hex', 'DEad', 'dead'],
  ['bytes', '0100', Uint8Array.of(1, 0)],
]

describe('a layout', () => {
  it('reads each type', () => {
    for (const [type, bytes, value] of types) {
      assert.deepEqual(read([{ type: 'u8' }, { name: 'v', type }], `09${bytes}`), { v: value }, `${type} ${bytes}`)
    }
  })

  it('reads integers as Node does, in both orders and all widths', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 6, maxLength: 6 }), fc.integer({ min: 1, max: 6 }), (bytes, size) => {
        const frame = Buffer.from(bytes)
        const orders = size === 1 ? [''] : ['be', 'le']
        for (const order of orders) {
          const record = compileLayout([
            { name: 'u', type: `u${size * 8}${order}`, at: 0 },
            { name: 'i', type: `i${size * 8}${order}`, at: 0 },
          ])(frame)
          const expected =
            order === 'le'
              ? { u: frame.readUIntLE(0, size), i: frame.readIntLE(0, size) }
              : { u: frame.readUIntBE(0, size), i: frame.readIntBE(0, size) }
          assert.deepEqual(record, expected)
        }
      }),
    )
  })

  it('keeps all 64 bits of an integer', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (value) => {
        const frame = Buffer.alloc(16)
        frame.writeBigInt64BE(value, 0)
        frame.writeBigInt64LE(value, 8)
        const record = compileLayout([
          { name: 'be', type: 'i64be' },
          { name: 'le', type: 'i64le' },
        ])(frame)
        assert.deepEqual(
          Object.values(record).map((number) => BigInt(Number.isSafeInteger(number) ? Number(number) : String(number))),
          [value, value],
        )
        for (const number of Object.values(record)) {
          assert.equal(typeof number, Number.isSafeInteger(Number(value)) ? 'number' : 'bigint')
        }
      }),
    )
  })

  it('goes on behind the field before, or at a place; fields without a name are stepped over', () => {
    const fields: LayoutField[] = [
      { name: 'a', type: 'u8' },
      { type: 'bytes', length: 2 },
      { name: 'b', type: 'u8' },
      { name: 'c', type: 'u8', at: 1 },
      { name: 'd', type: 'u8' },
      { name: 'rest', type: 'hex', at: 4 },
    ]
    assert.deepEqual(read(fields, '010203 040506'), { a: 1, b: 4, c: 2, d: 3, rest: '0506' })
    assert.deepEqual(read(fields, '01020304'), { a: 1, b: 4, c: 2, d: 3, rest: '' })
  })

  it('scales decimals without the crumbs of doubles', () => {
    const scaled = (field: Partial<LayoutField>, bytes: string): object =>
      read([{ name: 'v', type: 'i16', ...field }], bytes)
    assert.deepEqual(scaled({ scale: 0.1 }, '0003'), { v: 0.3 })
    assert.deepEqual(scaled({ scale: 0.01, offset: -40 }, '0fab'), { v: 0.11 })
    assert.deepEqual(scaled({ scale: 0.003 }, '0007'), { v: 0.021 })
    assert.deepEqual(scaled({ scale: 1e-7 }, 'ffff'), { v: -1e-7 })
    assert.deepEqual(scaled({ offset: 0.5 }, '0001'), { v: 1.5 })
    assert.deepEqual(scaled({ scale: -2 }, '0001'), { v: -2 })
    assert.deepEqual(scaled({ scale: 1e-30 }, '0002'), { v: 2e-30 })
    assert.deepEqual(read([{ name: 'v', type: 'u64', scale: 0.5 }], 'ffffffffffffffff'), { v: 2 ** 63 })
    assert.deepEqual(read([{ name: 'v', type: 'f32', scale: 10, offset: 1 }], '3fc00000'), { v: 16 })
    assert.deepEqual(read([{ name: 'v', type: 'bcd', length: 2, scale: 0.01 }], '1234'), { v: 12.34 })
  })

  it('scales to the double that is nearest to the exact decimal', () => {
    const decimals = fc.integer({ min: 0, max: 6 })
    fc.assert(
      fc.property(fc.integer({ min: -32768, max: 32767 }), decimals, (raw, places) => {
        const frame = Buffer.alloc(2)
        frame.writeInt16BE(raw)
        const { v } = compileLayout([{ name: 'v', type: 'i16', scale: Number(`1e-${places}`) }])(frame)
        assert.equal(v, Number(`${raw}e-${places}`))
      }),
    )
  })

  it('puts texts in the place of numbers, and null in that of numbers that say that there is none', () => {
    const fields: LayoutField[] = [
      { name: 'state', type: 'i8', enum: { 0: 'idle', '-1': 'fault', '0x10': 'busy' } },
      { name: 'level', type: 'u16', scale: 0.5, null_when: ['0xffff', '65534'] },
    ]
    assert.deepEqual(read(fields, '00 0003'), { state: 'idle', level: 1.5 })
    assert.deepEqual(read(fields, 'ff ffff'), { state: 'fault', level: null })
    assert.deepEqual(read(fields, '10 fffe'), { state: 'busy', level: null })
    assert.deepEqual(read(fields, '07 0000'), { state: 7, level: 0 })
  })

  it('takes bits apart: one is true or false, several are a number', () => {
    const named: LayoutField[] = [{ type: 'u16le', bits: { door: '0', motor: '15', mode: '4..6' } }]
    assert.deepEqual(read(named, '51 00'), { door: true, motor: false, mode: 5 })
    const single: LayoutField[] = [
      { name: 'on', type: 'u8', bits: '7' },
      { name: 'mode', type: 'u8', at: 0, bits: '0..1', enum: { 2: 'eco' } },
      { name: 'gear', type: 'u8', at: 0, bits: '4..6', null_when: ['7'] },
      { name: 'fan', type: 'u8', at: 0, bits: '7', enum: { 1: 'running' } },
      { name: 'odd', type: 'u8', at: 0, bits: '0', null_when: ['0'] },
    ]
    assert.deepEqual(read(single, 'f2'), { on: true, mode: 'eco', gear: null, fan: 'running', odd: null })
    const all: LayoutField[] = [
      { name: 'all', type: 'u32', bits: '0..31' },
      { name: 'high', type: 'u64', bits: '32..63' },
    ]
    assert.deepEqual(read(all, 'ffffffff fffffffe 00000001'), { all: 2 ** 32 - 1, high: 0xfffffffe })
  })

  it('has fields only when another has such a number', () => {
    const fields: LayoutField[] = [
      { name: 'kind', type: 'u8', enum: { 1: 'one' } },
      { name: 'value', type: 'u8', when: 'kind=1' },
      { name: 'value', type: 'u16', when: 'kind=2, 0x03' },
      { name: 'other', type: 'u8', when: 'kind!=1,2' },
      { name: 'more', type: 'u8', when: 'kind&0x81' },
    ]
    assert.deepEqual(read(fields, '01 05 07'), { kind: 'one', value: 5, more: 7 })
    assert.deepEqual(read(fields, '02 0102'), { kind: 2, value: 0x0102 })
    assert.deepEqual(read(fields, '03 0102 08 09'), { kind: 3, value: 0x0102, other: 8, more: 9 })
    const chained: LayoutField[] = [
      { name: 'a', type: 'u8' },
      { name: 'b', type: 'u8', when: 'a=1' },
      { name: 'c', type: 'u8', when: 'b!=5' },
    ]
    const layout = compileLayout(chained)
    assert.deepEqual(layout(hex('010203')), { a: 1, b: 2, c: 3 })
    assert.deepEqual(layout(hex('000203')), { a: 0 }, 'a field that is not there has no number')
  })

  it('refuses a frame that is too short, or gives the fields that are whole', () => {
    const fields: LayoutField[] = [
      { name: 'a', type: 'u8' },
      { name: 'b', type: 'u32' },
      { name: 'c', type: 'u8' },
      { name: 'first', type: 'u16', at: 0 },
    ]
    const short = { code: 'LAYOUT_SHORT', message: 'fields[1] "b": expected a frame of at least 5 bytes, got 3' }
    assert.throws(() => read(fields, '010203'), short)
    assert.deepEqual(read(fields, '010203', { allow_short: true }), { a: 1, first: 0x0102 })
  })

  it('puts the unit behind a name where that is asked for', () => {
    const fields: LayoutField[] = [
      { name: 'weight', type: 'u8', unit: 'kg' },
      { name: 'count', type: 'u8' },
    ]
    assert.deepEqual(read(fields, '0102'), { weight: 1, count: 2 })
    assert.deepEqual(read(fields, '0102', { unit_suffix: true }), { weight_kg: 1, count: 2 })
  })

  it('keeps its bytes when the frame is overwritten', () => {
    const frame = hex('0102')
    const record = compileLayout([{ name: 'v', type: 'bytes' }])(frame)
    frame.fill(0)
    assert.deepEqual(record, { v: Uint8Array.of(1, 2) })
  })

  it('reads types without an order as `endian` says', () => {
    const fields: LayoutField[] = [
      { name: 'a', type: 'u16' },
      { name: 'b', type: 'u16be' },
      { name: 'c', type: 'bcd', length: 2 },
    ]
    assert.deepEqual(read(fields, '0100 0001 3412', { endian: 'little' }), { a: 1, b: 1, c: 1234 })
  })
})

describe('a layout that makes no sense', () => {
  const wrong: readonly (readonly [LayoutField, code: string, message: RegExp])[] = [
    [{ name: 'x', type: 'u12' }, 'LAYOUT_TYPE', /got "u12"$/],
    [{ name: 'x', type: 'u8', length: 2 }, 'LAYOUT_FIELD', /length: expected only with bcd, .* got it with u8$/],
    [{ name: 'x', type: 'ascii', scale: 2 }, 'LAYOUT_FIELD', /scale: expected only with a number, .* type ascii$/],
    [{ name: 'x', type: 'hex', null_when: ['1'] }, 'LAYOUT_FIELD', /null_when: expected only with a number/],
    [{ name: 'x', type: 'i8', bits: '1' }, 'LAYOUT_BITS', /only with an unsigned type, got it with i8$/],
    [{ name: 'x', type: 'u8', bits: '8' }, 'LAYOUT_BITS', /below 8, got "8"$/],
    [{ name: 'x', type: 'u16', bits: { a: '6..4' } }, 'LAYOUT_BITS', /got "6..4"$/],
    [{ name: 'x', type: 'u8', null_when: ['none'] }, 'LAYOUT_NUMBER', /null_when: .* got "none"$/],
    [{ name: 'x', type: 'u8', enum: { on: 'x' } }, 'LAYOUT_NUMBER', /enum: .* got "on"$/],
    [{ name: 'x', type: 'u8', when: 'y' }, 'LAYOUT_WHEN', /got "y"$/],
    [{ name: 'x', type: 'u8', when: 'y=1' }, 'LAYOUT_WHEN', /the name of a field before it, got "y"$/],
    [{ name: 'x', type: 'u8', when: 'text=1' }, 'LAYOUT_WHEN', /a field that is an integer, got "text"$/],
    [{ name: 'x', type: 'u8', when: 'first=one' }, 'LAYOUT_NUMBER', /when: .* got "one"$/],
    [{ name: 'first', type: 'u8' }, 'LAYOUT_FIELD', /name: expected one of its own/],
  ]

  it('is refused with the field and the reason', () => {
    const before: LayoutField[] = [
      { name: 'first', type: 'u8' },
      { name: 'text', type: 'ascii', length: 1 },
    ]
    for (const [field, code, message] of wrong) {
      const prefixed = new RegExp(`^fields\\[2\\] "${field.name}": .*${message.source}`)
      assert.throws(() => compileLayout([...before, field]), { code, message: prefixed }, JSON.stringify(field))
    }
  })

  it('is refused where no field has a name', () => {
    assert.throws(() => compileLayout([{ type: 'u8' }]), { code: 'LAYOUT_FIELD' })
    assert.throws(() => compileLayout([]), { code: 'LAYOUT_FIELD' })
  })
})
