import assert from 'node:assert/strict'
import { test } from 'node:test'
import { passes } from '../../../src/can-bus/filters.js'
import { errorWords, stateOf } from '../../../src/can-bus/error-words.js'
import { type CanFrame, emptyFrame } from '../../../src/can/frame.js'

const cases: readonly (readonly [string, number, string, readonly string[], string | undefined])[] = [
  ['bus off', 0x40, '0000000000000000', ['bus_off'], 'bus_off'],
  ['restarted', 0x100, '0000000000000000', ['restarted'], 'active'],
  ['receive warning', 0x04, '0004000000000060', ['receive_warning'], 'warning'],
  ['passive both ways', 0x04, '0030000000008080', ['receive_passive', 'transmit_passive'], 'passive'],
  ['active again', 0x04, '0040000000000000', ['error_active'], 'active'],
  ['a queue that ran over', 0x04, '0001000000000000', ['receive_overflow'], undefined],
  ['a controller that says no more', 0x04, '0000000000000000', ['controller_problem'], undefined],
  ['nobody acknowledges', 0x20 | 0x80, '0000000000000000', ['no_acknowledgement', 'bus_error'], undefined],
  ['a bit and a stuff error', 0x08 | 0x80, '0000050000000000', ['bus_error', 'bit_error', 'stuff_error'], undefined],
  ['a broken wire', 0x10, '0000000004000000', ['can_high_no_wire'], undefined],
  ['both wires', 0x10, '0000000075000000', ['can_high_short_to_battery', 'can_low_short_to_ground'], undefined],
  ['a transceiver that says no more', 0x10, '0000000000000000', ['transceiver_problem'], undefined],
]

for (const [name, id, data, words, state] of cases) {
  test(`an error frame in words: ${name}`, () => {
    const frame = frameOf({ id, error: true, length: 8 })
    frame.data.set(Buffer.from(data, 'hex'))
    assert.deepEqual(errorWords(frame), words)
    assert.equal(stateOf(frame), state)
  })
}

test('filters let pass what one of them matches, and what an inverted one does not', () => {
  const only = { id: 0x120, mask: 0x7f0, extended: false }
  const but = { id: 0x18feca00, mask: 0x00ffff00, extended: true, inverted: true }
  assert.ok(passes(frameOf({ id: 0x125 }), [only]))
  assert.ok(!passes(frameOf({ id: 0x135 }), [only]))
  assert.ok(!passes(frameOf({ id: 0x125, extended: true }), [only]))
  assert.ok(!passes(frameOf({ id: 0x0cfeca17, extended: true }), [but]))
  assert.ok(passes(frameOf({ id: 0x0cfecb17, extended: true }), [but]))
  assert.ok(passes(frameOf({ id: 0x135 }), []))
  assert.ok(passes(frameOf({ id: 0x40, error: true }), [only]), 'error frames are not filtered')
})

function frameOf(parts: Partial<CanFrame>): CanFrame {
  return { ...emptyFrame(), ...parts }
}
