import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type DbcSignal, emptyFrame, parseDbc, compileDecoders } from 'sluice/can'
import { bitsOf, layoutOf } from '../../../../src/cli/can/bit-layout.js'
import { messageOf, viewsOf } from '../../../../src/cli/can/dbc-show.js'

function dbcOf(signals: readonly string[], length = 2): ReturnType<typeof parseDbc> {
  const lines = signals.map((signal) => ` SG_ ${signal} (1,0) [0|0] "" X`)
  return parseDbc(Buffer.from(`BU_: X\n\nBO_ 291 Engine: ${length} X\n${lines.join('\n')}\n`), 'test.dbc')
}

function drawn(signals: readonly string[], length?: number): string[] {
  const message = messageOf(dbcOf(signals, length), 'Engine')
  assert.equal(message.signals.length, signals.length)
  return layoutOf(message, message.signals)
}

test('a message is drawn byte by byte, with the most significant bit of each signal marked', () => {
  assert.deepEqual(drawn(['Low : 0|4@1+', 'Wide : 4|10@1+']), [
    '          7   6   5   4   3   2   1   0',
    '        ┌───┬───┬───┬───┬───┬───┬───┬───┐',
    'byte  0 │ b   b   b   b │ a<  a   a   a │',
    'byte  1 │   │   │ b<  b   b   b   b   b │',
    '        └───┴───┴───┴───┴───┴───┴───┴───┘',
  ])
})

test('a big-endian signal goes on in the next byte', () => {
  assert.deepEqual(drawn(['Wide : 3|8@0+']).slice(2, 4), [
    'byte  0 │   │   │   │   │ a<  a   a   a │',
    'byte  1 │ a   a   a   a │   │   │   │   │',
  ])
})

test('bits of several signals are told', () => {
  assert.equal(drawn(['One : 0|2@1+', 'Other : 1|2@1+'], 1)[2], 'byte  0 │   │   │   │   │   │ b<│ ! │ a │')
})

test('each value of a multiplexor has a drawing of its own', () => {
  const signals = ['Mux M : 0|4@1+', 'Zero m0 : 8|8@1+', 'One m1 : 8|4@1+', 'Always : 4|4@1+']
  const views = viewsOf(messageOf(dbcOf(signals), 'Engine'))
  assert.deepEqual(
    views.map(({ title, signals: shown }) => [title, shown.map(({ name }) => name)]),
    [
      ['where Mux = 0', ['Mux', 'Zero', 'Always']],
      ['where Mux = 1', ['Mux', 'One', 'Always']],
    ],
  )
})

test('a message is found by its name or its id, and a word that is neither is refused', () => {
  const dbc = dbcOf(['A : 0|8@1+'])
  for (const word of ['Engine', '0x123', '123']) assert.equal(messageOf(dbc, word).name, 'Engine')
  assert.throws(() => messageOf(dbc, 'Engin'), /did you mean "Engine"/)
})

test('every bit that is drawn for a signal is one that its decoder reads', () => {
  const position = fc.record({
    start: fc.integer({ min: 0, max: 63 }),
    length: fc.integer({ min: 1, max: 32 }),
    bigEndian: fc.boolean(),
  })
  fc.assert(
    fc.property(position, ({ start, length, bigEndian }) => {
      const bits = bitsOf({ start, length, bigEndian } as DbcSignal)
      fc.pre(bits.every((bit) => bit < 64))
      const dbc = dbcOf([`A : ${start}|${length}@${bigEndian ? 0 : 1}+`], 8)
      const frame = Object.assign(emptyFrame(), { id: 0x123, length: 8, dlc: 8 })
      const decoder = compileDecoders([dbc]).find(frame)
      assert.ok(decoder)
      for (const [weight, bit] of bits.entries()) {
        frame.data.fill(0)
        frame.data[bit >> 3] = 1 << (bit & 7)
        decoder.decode(frame)
        assert.equal(decoder.rawAt(0), 2 ** weight)
      }
    }),
  )
})
