import assert from 'node:assert/strict'
import { isUtf8 } from 'node:buffer'
import { describe, test } from 'node:test'
import { cutLines } from '../../../inputs/tail/cut-lines.js'
import { PlainLines } from '../../../inputs/tail/line-events.js'
import { readEvents } from '../../../src/event/entry-reader.js'

const shape = { key: 'log', path_key: undefined, offset_key: undefined, skip_empty_lines: false }

/** The text that is in the entries of a block; fails where these hold text that is none. */
function textsOf(block: Buffer, rules: { maxLine: number; truncates: boolean }, isLast: boolean): unknown[] {
  const events = new PlainLines(shape)
  events.begin(block, { path: 'a.log', offset: 0, wallMs: 0, file: {} })
  cutLines(block, rules, { skipping: false, isLast }, events)
  const entries = events.writer.peek()
  const texts = [...readEvents({ tag: 't', entries, count: events.count })].map(({ record }) => record['log'])
  for (const text of texts)
    assert.ok(Buffer.from(entries).includes(String(text)), `${String(text)} is not there as UTF-8`)
  return texts
}

describe('the events of lines', () => {
  test('hold UTF-8 alone, behind whole lines too', () => {
    const rules = { maxLine: 4, truncates: true }
    const garbage = Buffer.from([0x62, 0xff])
    assert.ok(!isUtf8(garbage))
    const rows: readonly (readonly [string, Buffer, boolean, readonly string[]])[] = [
      ['a whole line', Buffer.concat([garbage, Buffer.from('\n')]), false, ['b\ufffd']],
      ['a last line without a newline', Buffer.concat([Buffer.from('one\n'), garbage]), true, ['one', 'b\ufffd']],
      [
        'a line that is cut',
        Buffer.concat([Buffer.from('1\n'), garbage, Buffer.from('abcd')]),
        false,
        ['1', 'b\ufffdab'],
      ],
    ]
    for (const [name, block, isLast, expected] of rows) assert.deepEqual(textsOf(block, rules, isLast), expected, name)
  })
})
