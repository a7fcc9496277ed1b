import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import * as zlib from 'node:zlib'

import type { HttpError } from '../../../src/http/http-error.js'
import { inflaterOf, type InflateRoom } from '../../../src/ingest/inflate.js'
import { defaultLimits } from '../../support/http-server.js'

const { zstdCompressSync } = zlib as { readonly zstdCompressSync?: (text: string) => Buffer }
const pack = zstdCompressSync ?? Buffer.from
const skip = zstdCompressSync ? false : 'this Node has no zstd'

interface Inflated {
  readonly text: string
  /** Bytes that are counted of it. */
  readonly held: number
}

async function inflatedBy(encodings: string, body: Buffer): Promise<Inflated> {
  let held = 0
  const room: InflateRoom = {
    limits: defaultLimits,
    hold: (bytes) => (held += bytes) >= 0,
    giveBack: (bytes) => void (held -= bytes),
  }
  const inflate = inflaterOf(encodings, undefined)
  const text = (await inflate?.(body, room))?.toString() ?? assert.fail()
  return { text, held }
}

const inflated = (...frames: readonly Buffer[]): Promise<Inflated> => inflatedBy('zstd', Buffer.concat(frames))

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

test('a body that was packed twice holds no more memory than what came out of it', async () => {
  const text = 'x'.repeat(1000)
  const body = zlib.brotliCompressSync(zlib.gzipSync(text))
  assert.deepEqual(await inflatedBy('gzip, br', body), { text, held: 1000 })
})
