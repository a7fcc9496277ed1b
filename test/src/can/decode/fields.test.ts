import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import { EntryWriter } from '../../../../src/event/entry-writer.js'
import { readValue } from '../../../../src/event/msgpack-reader.js'
import { type LabelStyle, type MessageDecoder } from '../../../../src/can/index.js'
import { dbcOf, decoded } from '../../../support/dbc.js'

const dbc = dbcOf(
  'BO_ 2147483939 Gearbox: 8 ECU',
  ' SG_ Gear : 0|8@1+ (1,0) [0|0] ""',
  ' SG_ Gear_label : 8|8@1+ (0.5,0) [0|0] ""',
  ' SG_ Serial : 0|64@1+ (1,0) [0|0] ""',
  ' SG_ Oil : 16|8@1+ (1,0) [0|0] ""',
  'VAL_ 2147483939 Gear 1 "first" 2 "second" ;',
  'VAL_ 2147483939 Serial 18374686479688368641 "ours" ;',
)

function written(decoder: MessageDecoder): unknown {
  const writer = new EntryWriter()
  writer.writeMapHeader(decoder.fieldCount)
  decoder.write(writer)
  const { value, end } = readValue(writer.peek())
  assert.equal(end, writer.size)
  return value
}

describe('the fields of a frame', () => {
  const serial = 0xff00ff0000000201n
  const styles: readonly (readonly [LabelStyle, Record<string, unknown>])[] = [
    ['number', { Gear: 1, Gear_label: 1, Serial: serial, Oil: 0 }],
    ['text', { Gear: 'first', Gear_label: 1, Serial: serial, Oil: 0 }],
    ['both', { Gear: 1, Gear_label_: 'first', Gear_label: 1, Serial: serial, Oil: 0 }],
  ]
  for (const [labels, record] of styles) {
    test(`are numbers or texts as labels: ${labels} says, written as in an object`, () => {
      const decoder = decoded(dbc, '00000123#010200000000ff00ff'.slice(0, 25), { labels, j1939: false })
      const wanted = { ...record, Serial: BigInt.asUintN(64, decoder.rawAt(2) as bigint) }
      assert.deepEqual({ ...decoder.record() }, wanted)
      assert.deepEqual(written(decoder), wanted)
    })
  }

  test('have texts of raw values that no double holds', () => {
    const decoder = decoded(dbc, '00000123#01020000000000ff', { labels: 'text', j1939: false })
    assert.equal(decoder.record()['Serial'], decoder.rawAt(2) === 18374686479688368641n ? 'ours' : decoder.rawAt(2))
  })

  test('are null where a signal has no value', () => {
    const decoder = decoded(dbc, '00000123#ff020000000000ff', { labels: 'both', j1939: true })
    assert.equal(decoder.record()['Gear'], null)
    assert.deepEqual(written(decoder), { ...decoder.record() })
  })
})
