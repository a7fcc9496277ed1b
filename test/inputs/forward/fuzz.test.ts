import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { gzipSync } from 'node:zlib'
import { encode } from '@msgpack/msgpack'
import fc from 'fast-check'
import { ForwardContext, forwardListening, latin, numberedEntries, packed } from '../../support/forward-input.js'
import { Buffers, MessageStream, readMessage, Refusal, refusalOf } from '../../../src/forward/index.js'

const entries = numberedEntries(3)

const messages = [
  packed('t', entries, { chunk: 'one', size: 3 }),
  packed('t', gzipSync(entries), { compressed: 'gzip' }),
  Buffer.from(encode(['t', [[1, { a: { b: [1, null, 'x'] } }]], { chunk: 'two' }])),
  latin('\x94\xa1t\xd7\x00\x00\x00\x00\x01\x00\x00\x00\x02\x81\xa1a\x01\x81\xa8metadata\x80'),
]

const now = (): { seconds: number; nanoseconds: number } => ({ seconds: 1, nanoseconds: 0 })

/** Messages of which some have other bytes, too few, or too many. */
const stream = fc
  .array(
    fc.oneof(
      fc.constantFrom(...messages),
      fc.uint8Array({ maxLength: 30 }).map((bytes) => Buffer.from(bytes)),
      fc.tuple(fc.constantFrom(...messages), fc.nat(), fc.nat(255)).map(([message, place, byte]) => {
        const changed = Buffer.from(message)
        changed[place % changed.length] = byte
        return changed
      }),
      fc
        .tuple(fc.constantFrom(...messages), fc.nat())
        .map(([message, size]) => message.subarray(0, size % message.length)),
    ),
    { minLength: 1, maxLength: 6 },
  )
  .map((parts) => Buffer.concat(parts))

/** What becomes of a stream, and why it ends, read in these pieces. */
function outcomeOf(pieces: readonly Uint8Array[]): { readonly read: string[]; readonly end: string } {
  const context = new ForwardContext()
  const cut = new MessageStream(1 << 20, new Buffers(context))
  const read: string[] = []
  let end = ''
  try {
    for (const piece of pieces) {
      cut.push(piece)
      for (let message = cut.next(); message; message = cut.next()) {
        const { tag, entries: found, count, options } = readMessage(message, now)
        read.push(JSON.stringify([tag, Buffer.from(found).toString('latin1'), count, options]))
      }
    }
  } catch (error) {
    const refusal = refusalOf(error)
    assert.ok(refusal instanceof Refusal, String(error))
    end = refusal.reason
  }
  assert.ok(context.reserved <= 4 * 65_536)
  cut.close()
  assert.equal(context.reserved, 0)
  return { read, end }
}

describe('any bytes into the forward input', () => {
  it('are read or refused with a reason, the same however they are split', () => {
    fc.assert(
      fc.property(stream, fc.array(fc.nat(), { maxLength: 8 }), (bytes, places) => {
        const cuts = [...places.map((place) => place % (bytes.length + 1)), 0, bytes.length].sort((a, b) => a - b)
        const pieces = cuts.slice(1).map((to, index) => bytes.subarray(cuts[index], to))
        const whole = outcomeOf([bytes])
        assert.deepEqual(outcomeOf(pieces), whole)
        assert.deepEqual(outcomeOf([...bytes].map((byte) => Uint8Array.of(byte))), whole)
      }),
    )
  })

  it('end in a clean close that is counted, and the next sender is served', async (t) => {
    const { context, client } = await forwardListening(t)
    await fc.assert(
      fc.asyncProperty(stream, async (bytes) => {
        const { socket, closed } = await client()
        socket.end(bytes)
        await closed
        assert.equal(context.reserved, 0)
      }),
      { numRuns: 300 },
    )
    const reasons = Object.keys(context.counted)
    assert.ok(
      reasons.every((name) => name.startsWith('refused_') || name === 'wrong_sizes'),
      reasons.join(),
    )
    assert.ok(reasons.length >= 3, reasons.join())
    const sender = await client()
    sender.send(packed('t', entries, { chunk: 'served' }))
    await sender.until(/served$/)
  })
})
