import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { framingOf, framingOptions, readByteText, streamParser } from '../../../src/framing/index.js'
import type { Parser } from '../../../src/plugin/context.js'
import { valuesOf } from '../../support/options.js'

describe('the options of framings', () => {
  const framed = (framing: object, more: object = {}) =>
    framingOf({ ...valuesOf(framingOptions, { framing }), buffer_size: 1000, ...more })

  it('are a word, where that says it all', () => {
    assert.deepEqual(valuesOf(framingOptions, { framing: 'slip' })['framing.type'], 'slip')
    const both = { framing: 'slip', 'framing.checksum': 'xor' }
    assert.equal(valuesOf(framingOptions, both)['framing.checksum'], 'xor')
    assert.throws(() => valuesOf(framingOptions, { framing: 'slib' }), /did you mean "slip"/)
  })

  it('are none, or a type with what it needs', () => {
    assert.equal(framed({}), undefined)
    assert.deepEqual([framed({ type: 'line' })?.maxFrame, framed({ type: 'line' })?.idleMs], [1000, 0])
    const idle = framed({ type: 'idle', idle: '5ms', max_frame: '1KiB' })
    assert.deepEqual([idle?.maxFrame, idle?.idleMs], [1024, 5])
  })

  it('tell what is missing, and what has no effect', () => {
    const wrong = [
      [{ idle: '1s' }, /^framing\.type: expected the type that framing\.idle is for, got none$/],
      [{ type: 'delimiter' }, /^framing\.delimiter: expected a value with type delimiter$/],
      [{ type: 'idle' }, /^framing\.idle: expected a value with type idle$/],
      [
        { type: 'slip', delimiter: ';' },
        /^framing\.delimiter: expected only with type delimiter, got it with slip; leave/,
      ],
      [{ type: 'cobs', start: ';' }, /only with type fixed or length_prefix or start_stop, got it with cobs/],
      [{ type: 'slip', checksum_gap: 1 }, /^framing\.checksum_gap: expected a framing\.checksum with it$/],
      [{ type: 'start_stop', start: 'a', escape_xor: 1 }, /^framing\.escape_xor: expected a framing\.escape with it$/],
      [{ type: 'start_stop', start: 'a', escape: 'ab' }, /^framing\.escape: expected one byte, got 2$/],
      [{ type: 'delimiter', delimiter: '\\q' }, /^framing\.delimiter: expected bytes such as .*, got "\\q"$/],
      [{ type: 'slip', encoding: 'hex' }, /^framing\.encoding: expected only with type line or .*, got it with slip/],
      [
        { type: 'line', checksum: 'xor', checksum_place: 'behind_stop' },
        /^framing\.checksum_place: expected a framing\.stop with it$/,
      ],
      [
        { type: 'start_stop', start: '~', stop: '~', checksum: 'xor', checksum_place: 'behind_stop' },
        /^framing\.checksum_place: expected a stop that is not the start, got the same$/,
      ],
      [
        { type: 'fixed', size: 4, start: '##', stop: ';', checksum: 'CRC-32' },
        /^framing\.size: expected at least 7, which marks and checksum take, got 4$/,
      ],
      [{ type: 'line', checksum: 'crc' }, /^checksum: expected one of xor/],
    ] as const
    for (const [framing, message] of wrong) assert.throws(() => framed(framing), { message }, JSON.stringify(framing))
    assert.throws(() => framed({ type: 'line' }, { separator: ';' }), {
      code: 'FRAMING_OPTION',
      message: /^separator: /,
    })
  })

  it('write bytes as text with escapes or in hexadecimal', () => {
    assert.deepEqual(readByteText('x', 'a\\r\\n\\t\\0\\\\\\xFFä'), Buffer.from('610d0a09005cffc3a4', 'hex'))
    assert.deepEqual(readByteText('x', '0x0D0a'), Buffer.from('0d0a', 'hex'))
    assert.deepEqual(readByteText('x', '0xd'), Buffer.from('0xd'))
    for (const text of ['', '\\', '\\x1', 'a\\b'])
      assert.throws(() => readByteText('x', text), { code: 'FRAMING_BYTES' })
  })

  it('are needed where the format does not tell where its frames end', () => {
    const parser: Parser = { framing: 'bytes', parse: () => [] }
    assert.throws(() => streamParser(parser, undefined), {
      code: 'FRAMING_MISSING',
      message: /^framing\.type: expected one/,
    })
    assert.equal(streamParser(parser, framed({ type: 'slip' })), parser)
    const lines: Parser = { framing: 'lines', parse: () => [] }
    assert.equal(streamParser(lines, undefined), lines)
  })
})
