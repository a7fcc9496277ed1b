import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { FrameIdentity } from '../../../../src/can/report/frame-pattern.js'
import { compileSelection } from '../../../../src/can/report/selection.js'

function frame(id: number, more: Partial<FrameIdentity> = {}): FrameIdentity {
  return { bus: 'can0', id, extended: id > 0x7ff, message: undefined, ...more }
}

const engine = frame(0x0cf00400, { message: 'EEC1' })

const matches: readonly [pattern: string, frame: FrameIdentity, expected: boolean][] = [
  ['0x123', frame(0x123), true],
  ['0X123', frame(0x123), true],
  ['0x123', frame(0x124), false],
  ['0x123', frame(0x123, { extended: true }), false],
  ['0x00000123', frame(0x123, { extended: true }), true],
  ['0x00000123', frame(0x123), false],
  ['0x0CF00400', engine, true],
  ['0xcf00400', engine, true],
  ['0x100-0x1ff', frame(0x100), true],
  ['0x100-0x1ff', frame(0x1ff), true],
  ['0x100-0x1ff', frame(0x200), false],
  ['0x0CF00400-0x0CF004FF', engine, true],
  ['EEC1', engine, true],
  ['EEC?', engine, true],
  ['E*', engine, true],
  ['*C', engine, false],
  ['EEC', engine, false],
  ['EEC1', frame(0x0cf00400), false],
  ['*', frame(1), true],
  ['can0:*', frame(1), true],
  ['can1:*', frame(1), false],
  ['can?:0x001', frame(1), true],
  ['vcan*:0x001', frame(1), false],
  ['10.0.0.5:28600:0x001', frame(1, { bus: '10.0.0.5:28600' }), true],
  ['10.0.0.5:28600:0x001', frame(1, { bus: '10x0.0.5:28600' }), false],
]

describe('a pattern of frames', () => {
  for (const [pattern, seen, expected] of matches) {
    const { bus, id, extended, message = '' } = seen
    test(`${pattern} ${expected ? 'takes' : 'leaves'} ${bus} ${id.toString(16)} ${extended ? 'extended' : ''} ${message}`, () => {
      assert.equal(compileSelection({ allow: [pattern], deny: [] })(seen), expected)
      assert.equal(compileSelection({ allow: [], deny: [pattern] })(seen), !expected)
    })
  }

  for (const wrong of [
    '',
    '291',
    '0x',
    '0xg1',
    '0x200-0x100',
    '0x20000000',
    ':0x123',
    'can0:',
    'a b',
    'Engine.Speed',
  ]) {
    test(`"${wrong}" is refused, and told with its option`, () => {
      const expected = { code: 'CAN_PATTERN', message: new RegExp(`^deny: expected an id such as .* got "${wrong}"$`) }
      assert.throws(() => compileSelection({ allow: [], deny: [wrong] }), expected)
    })
  }
})

test('all frames are taken where nothing is said, and what is denied is not taken though it is allowed', () => {
  assert.equal(compileSelection({ allow: [], deny: [] })(engine), true)
  const isTaken = compileSelection({ allow: ['0x100-0x1ff', 'EEC1'], deny: ['0x123', 'can1:*'] })
  const taken = [frame(0x122), frame(0x123), frame(0x200), engine, { ...engine, bus: 'can1' }].map(isTaken)
  assert.deepEqual(taken, [true, false, false, true, false])
})
