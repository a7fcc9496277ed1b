import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import type { Framing } from '../../../src/modbus/framing.js'
import { framings, type Transmission } from '../../../src/modbus/framings.js'
import { queryOf } from '../../../src/modbus/pdu.js'

/** Requests and answers for the registers 107 to 109 of unit 17, whose PDUs are those of the specification (6.3). */
const query = queryOf({ unit: 0x11, table: 'holding', start: 0x6b, count: 3 }, 0x1501)
const answerPdu = Buffer.from('0306022b00000064', 'hex')

const frames: { readonly [name in Transmission]: readonly [request: Buffer, answer: Buffer, exception: Buffer] } = {
  tcp: [
    Buffer.from('150100000006110300 6b0003'.replace(' ', ''), 'hex'),
    Buffer.from('150100000009110306022b00000064', 'hex'),
    Buffer.from('150100000003118302', 'hex'),
  ],
  rtu: [
    Buffer.from('1103006b00037687', 'hex'),
    Buffer.from('110306022b00000064c8ba', 'hex'),
    Buffer.from('118302c134', 'hex'),
  ],
  ascii: [Buffer.from(':1103006B00037E\r\n'), Buffer.from(':110306022B0000006455\r\n'), Buffer.from(':1183026A\r\n')],
}

/** What is found where the bytes come in pieces, cut at these places. */
function foundIn(framing: Framing, bytes: Buffer, cuts: readonly number[]) {
  let [waiting, foreign] = [Buffer.alloc(0), 0]
  const ends = [...cuts.filter((cut) => cut < bytes.length).toSorted((one, other) => one - other), bytes.length]
  let from = 0
  for (const end of ends) {
    waiting = Buffer.concat([waiting, bytes.subarray(from, end)])
    from = end
    const found = framing.find(waiting, query)
    foreign += found.foreign
    if (found.pdu) return { pdu: Buffer.from(found.pdu), foreign }
    waiting = waiting.subarray(found.skip)
  }
  return { pdu: undefined, foreign, left: waiting.length }
}

for (const name of Object.keys(frames) as Transmission[]) {
  const framing = framings[name]
  const [request, answer, exception] = frames[name]

  describe(`${name} frames`, () => {
    it('are made as the specification has them', () => {
      assert.deepEqual(Buffer.from(framing.encode(query)), request)
    })

    it('are found behind noise, an echo and answers to others, however the bytes come in pieces', () => {
      const others = [
        Buffer.alloc(0),
        request,
        Buffer.from('\xff\x00\x11\x03', 'latin1'),
        framing.encode({ ...query, unit: 0x12, pdu: answerPdu }),
        framing.encode({ ...query, pdu: Buffer.from('03040001ffff', 'hex') }),
        framing.encode({ ...query, pdu: Buffer.from('01010f', 'hex') }),
      ]
      // A stream of Modbus TCP has no noise: nothing would tell where a header begins.
      const possible = name === 'tcp' ? others.filter((_, at) => at !== 2) : others
      const anyNoise = fc.array(fc.constantFrom(...possible), { maxLength: 4 })
      fc.assert(
        fc.property(anyNoise, fc.array(fc.nat(80), { maxLength: 6 }), (noise, cuts) => {
          const before = Buffer.concat(noise)
          const found = foundIn(framing, Buffer.concat([before, answer]), cuts)
          assert.deepEqual(found, { pdu: answerPdu, foreign: before.length })
        }),
      )
    })

    it('tell exceptions', () => {
      assert.deepEqual(foundIn(framing, exception, []).pdu, Buffer.from('8302', 'hex'))
    })

    it('are refused with a flipped bit wherever a checksum, or the length, can tell', () => {
      const checked = name === 'tcp' ? answer.subarray(0, 9) : answer.subarray(0, -2)
      for (let bit = 0; bit < checked.length * 8; bit++) {
        const harmed = Buffer.from(answer)
        harmed[bit >> 3] = (harmed[bit >> 3] ?? 0) ^ (1 << (bit & 7))
        // The case of a hex digit means nothing.
        if (harmed.toString('latin1').toLowerCase() === answer.toString('latin1').toLowerCase()) continue
        assert.equal(foundIn(framing, harmed, []).pdu, undefined, `bit ${bit}`)
      }
    })

    it('never keep more bytes than a frame has, whatever comes', () => {
      fc.assert(
        fc.property(fc.uint8Array({ minLength: 600, maxLength: 2000 }), (noise) => {
          const { pdu, left = 0 } = foundIn(framing, Buffer.from(noise), [500, 1000])
          assert.ok(pdu !== undefined || left <= 600, `${left} bytes`)
        }),
      )
    })
  })
}

describe('answers over Modbus TCP', () => {
  it('are told from those to an earlier request by their number', () => {
    const late = framings.tcp.encode({ ...query, transaction: 0x1500, pdu: answerPdu })
    const own = Buffer.from('0306000100020003', 'hex')
    const both = Buffer.concat([late, framings.tcp.encode({ ...query, pdu: own })])
    assert.deepEqual(foundIn(framings.tcp, both, [7]), { pdu: own, foreign: late.length })
  })
})
