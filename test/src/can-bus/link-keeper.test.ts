import assert from 'node:assert/strict'
import { PassThrough } from 'node:stream'
import { test } from 'node:test'
import { systemClock } from '../../../src/base/clock.js'
import { LineFrames } from '../../../src/can-bus/line-frames.js'
import { type Link, LinkKeeper } from '../../../src/can-bus/link-keeper.js'
import { CandumpReader } from '../../../src/can/index.js'
import { SocketReads } from '../../../src/net/index.js'
import { RecordingLogger } from '../../support/plugin-context.js'

const context = { clock: systemClock, count: () => undefined, log: new RecordingLogger() }

function keeperOf(link: Link) {
  const frames = new LineFrames({ reader: new CandumpReader(), bus: 'can0', filters: [], context })
  const open = () => Promise.resolve(link)
  const keeper = new LinkKeeper({ name: 'can0', context, open, retryMs: 1, onState: undefined })
  const ids: number[] = []
  return { ids, next: (signal: AbortSignal) => keeper.next(frames, ({ id }) => void ids.push(id), signal) }
}

test('frames that came before a stop and were not read yet are given, then it ends', async () => {
  const stream = new PassThrough()
  const reads = new SocketReads(stream)
  const link = { read: () => reads.next(), atHand: async () => reads.atHand(), close: () => undefined }
  const { ids, next } = keeperOf(link)
  const stop = new AbortController()
  stream.write('(1.0) can0 123#11\n')
  assert.equal(await next(stop.signal), true)
  stream.write('(2.0) can0 124#11\n(3.0) can0 125#11\n(4.0) can0 1')
  stop.abort()
  assert.equal(await next(stop.signal), true)
  assert.equal(await next(stop.signal), false)
  assert.deepEqual(ids, [0x123, 0x124, 0x125])
})

test('a link that is lost at a stop has no more, and no error', async () => {
  const stop = new AbortController()
  const read = () => {
    stop.abort()
    return new Promise<undefined>(() => undefined)
  }
  const { ids, next } = keeperOf({ read, atHand: () => Promise.reject(new Error('gone')), close: () => undefined })
  assert.equal(await next(stop.signal), false)
  assert.deepEqual(ids, [])
})
