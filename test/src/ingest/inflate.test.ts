import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import * as zlib from 'node:zlib'

import type { HttpError } from '../../../src/http/http-error.js'
import { inflaterOf, type InflateRoom } from '../../../src/ingest/inflate.js'
import { defaultLimits } from '../../support/http-server.js'

const { zstdCompressSync } = zlib as { readonly zstdCompressSync?: (text: string) => Buffer }
const pack = zstdCompressSync ?? Buffer.from
const skip = zstdCompressSync ? false : 'this Node has no zstd'

/** What becomes of a body of zstd, and the bytes that were counted of it. */
async function inflated(...frames: readonly Buffer[]): Promise<{ readonly text: string; readonly held: number }> {
  let held = 0
  const room: InflateRoom = {
    limits: defaultLimits,
    hold: (bytes) => (held += bytes) >= 0,
    giveBack: (bytes) => void (held -= bytes),
  }
  const inflate = inflaterOf('zstd', undefined)
  const text = (await inflate?.(Buffer.concat(frames), room))?.toString() ?? assert.fail()
  return { text, held }
}

const refused = { status: 400, message: /expected zstd and nothing behind it/ }

describe('a body of zstd', () => {
  test('may have several frames, one behind the other, and none of them is lost', { skip }, async () => {
    const frames = ['{"a":1}\n', '', '{"a":2}\n'].map((text) => pack(text))
    assert.deepEqual(await inflated(...frames), { text: '{"a":1}\n{"a":2}\n', held: 16 })
  })

  test('that has something else behind its frames is refused', { skip }, async () => {
    const refusal = (error: HttpError): boolean => error.status === 400 && refused.message.test(error.message)
    for (const more of [Buffer.from('more'), Buffer.alloc(9), pack('x').subarray(0, 5)])
      await assert.rejects(inflated(pack('{"a":1}'), more), refusal)
  })

  test('of more frames than anybody makes is refused, or read by Node at once', { skip }, async () => {
    const frames = Array.from({ length: 2000 }, () => pack('x'))
    const { text } = await inflated(...frames).catch((error: HttpError) => {
      assert.match(error.message, refused.message)
      return { text: 'x'.repeat(2000) }
    })
    assert.equal(text.length, 2000)
  })
})
