import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import binary from '../../codecs/binary/index.js'
import { createParser } from '../../src/parse/parser.js'
import { codecContract } from '../contract/codec.js'
import { codecOf, codecsOf, recordsOf } from '../support/codec.js'
import { optionsOf } from '../support/options.js'
import { parserDefaults } from '../support/parser-options.js'

const scale = {
  fields: [
    { name: 'status', type: 'u8', enum: { 0: 'moving', 1: 'stable' } },
    { name: 'weight', type: 'i32be', scale: 0.01, unit: 'kg', null_when: '0x80000000' },
  ],
}

codecContract('binary', {
  create: codecsOf(binary, scale),
  stream: Uint8Array.of(1, 0, 0, 1, 0xc3),
  records: [{ status: 'stable', weight: 4.51 }],
  garbage: [Uint8Array.of(1, 2, 3, 4)],
  oversize: Buffer.alloc(20),
})

describe('binary codec', () => {
  it('reads what the file declares, in the words of the file', () => {
    const codec = codecOf(binary, {
      endian: 'little',
      unit_suffix: 'on',
      fields: [
        { name: 'flags', type: 'u8', bits: { open: '0', level: '4..6' } },
        { name: 'voltage', type: 'u16', scale: 0.001, unit: 'V' },
        { name: 'name', type: 'ascii', length: 4 },
      ],
    })
    const frame = Buffer.from('d1e40c41422020', 'hex')
    assert.deepEqual(recordsOf(codec, frame), [{ open: true, level: 5, voltage_V: 3.3, name: 'AB' }])
  })

  it('gives an event the time of a field', () => {
    const fields = [
      { name: 'time', type: 'u32be' },
      { name: 'v', type: 'u8' },
    ]
    const parser = createParser(codecOf(binary, { fields }), { ...parserDefaults, time_key: 'time' }, { wall: () => 0 })
    const [parsed] = parser.parse(Buffer.from('6553f10007', 'hex'))
    assert.deepEqual(parsed, { record: { v: 7 }, time: { seconds: 1_700_000_000, nanoseconds: 0 } })
  })

  it('says which field of the file is wrong', () => {
    const read = (raw: object) => () => optionsOf(binary, raw as { readonly [name: string]: unknown })
    assert.throws(read({}), /option "fields" is missing/)
    assert.throws(read({ fields: [{ name: 'a' }] }), /fields\.0: option "type" is missing/)
    assert.throws(read({ fields: [{ type: 'u8' }, { type: 'u12' }] }), /fields\.1\.type: expected a type such as u8/)
    assert.throws(
      read({ fields: [{ type: 'u8', skale: 1 }] }),
      /fields\.0\.skale: unknown option; did you mean "scale"/,
    )
    assert.throws(read({ fields: [{ type: 'u8', scale: 'big' }] }), /fields\.0\.scale: expected a number/)
    assert.throws(() => codecOf(binary, { fields: [{ name: 'a', type: 'u8', bits: '9' }] }), { code: 'LAYOUT_BITS' })
  })
})
