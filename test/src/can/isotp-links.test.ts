import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { systemClock } from '../../../src/base/clock.js'
import { type CanFrame, copyFrame, emptyFrame } from '../../../src/can/frame.js'
import {
  extendedAddress,
  functionalEnd,
  type IsoTpAddress,
  mixedAddress,
  mixedFixedAddress,
  normalAddress,
  normalFixedAddress,
} from '../../../src/can/isotp/address.js'
import { separationByte, separationOf } from '../../../src/can/isotp/flow-control.js'
import { IsoTpLink, type IsoTpSettings } from '../../../src/can/isotp/link.js'
import { hexOf } from '../../support/can-frames.js'
import { ids, isotpSide as side } from '../../support/isotp-side.js'

describe('ISO-TP', () => {
  it('says times between frames in milliseconds or hundreds of microseconds', () => {
    assert.deepEqual(
      [0, 1, 0x7f, 0x80, 0xf0, 0xf1, 0xf9, 0xfa, 0xff].map(separationOf),
      [0, 1, 127, 127, 127, 0.1, 0.9, 127, 127],
    )
    assert.deepEqual([0, 0.1, 0.25, 0.9, 1, 1.5, 500].map(separationByte), [0, 0xf1, 0xf3, 0xf9, 1, 2, 0x7f])
  })

  it('speaks to all who have a function', () => {
    assert.equal(functionalEnd({ source: 0xf1, target: 0x33 }).id, 0x18db33f1)
    assert.equal(functionalEnd({ source: 0xf1, target: 0x33 }, 0x99).id, 0x18cd33f1)
  })

  const addresses: [name: string, address: IsoTpAddress, ids: [transmit: number, receive: number]][] = [
    ['normal', normalAddress(ids), [0x111, 0x222]],
    ['normal fixed', normalFixedAddress({ source: 0xf1, target: 0x10 }), [0x18da10f1, 0x18daf110]],
    ['extended', extendedAddress(ids, { source: 0xf1, target: 0x12 }), [0x111, 0x222]],
    ['mixed', mixedAddress(ids, 0x99), [0x111, 0x222]],
    ['mixed fixed', mixedFixedAddress({ source: 0xf1, target: 0x10 }, 0x99), [0x18ce10f1, 0x18cef110]],
  ]
  for (const [name, address, [transmit, receive]] of addresses) {
    it(`brings any message over in frames of any size, with ${name} addressing`, async () => {
      assert.deepEqual([address.transmit.id, address.receive.id], [transmit, receive])
      await fc.assert(
        fc.asyncProperty(
          fc.uint8Array({ minLength: 1, maxLength: 600 }),
          fc.constantFrom(8, 12, 16, 20, 24, 32, 48, 64),
          fc.nat(4),
          fc.constantFrom(undefined, 0xcc),
          async (payload, frameBytes, blockSize, padding) => {
            const got = await brought(address, payload, { frameBytes, blockSize, padding })
            assert.deepEqual(got, { messages: [hexOf(payload)], faults: [] })
          },
        ),
        { numRuns: 40 },
      )
    })
  }

  it('takes another one of the same identifier for its own by the first byte alone', () => {
    const link = side({ address: extendedAddress(ids, { source: 0xf1, target: 0x12 }) })
    link.hear('222#F20155', '222#F10155')
    assert.deepEqual(link.messages, ['55'])
  })

  it('survives any frames', async () => {
    const frame = fc
      .tuple(fc.constantFrom(0x00, 0x05, 0x10, 0x1f, 0x21, 0x22, 0x30, 0x32, 0xff), fc.uint8Array({ maxLength: 63 }))
      .map(([first, rest]) => `222#${hexOf(Uint8Array.of(first, ...rest))}`)
    await fc.assert(
      fc.asyncProperty(fc.array(frame, { maxLength: 100 }), async (frames) => {
        const { hear, clock, messages } = side({ longest: 300 })
        hear(...frames)
        await clock.advance(1000)
        assert.equal(clock.waiting, 0)
        for (const message of messages) assert.ok(message.length <= 600)
      }),
      { numRuns: 30 },
    )
  })
})

/** Sends over a bus without time to one who has the same address the other way round. */
async function brought(
  address: IsoTpAddress,
  payload: Uint8Array,
  settings: Partial<IsoTpSettings>,
): Promise<{ messages: string[]; faults: string[] }> {
  const messages: string[] = []
  const faults: string[] = []
  const links: IsoTpLink[] = []
  const end = (own: IsoTpAddress, to: number): IsoTpLink =>
    new IsoTpLink({
      address: own,
      clock: systemClock,
      write: async (frame) => void links[to]?.take(copyOf(frame)),
      onMessage: (message) => messages.push(hexOf(message)),
      onFault: (fault) => faults.push(fault),
      ...settings,
    })
  links.push(end(address, 1), end({ transmit: address.receive, receive: address.transmit }, 0))
  await links[0]?.send(payload)
  return { messages, faults }
}

function copyOf(frame: CanFrame): CanFrame {
  const copy = emptyFrame()
  copyFrame(frame, copy)
  return copy
}
