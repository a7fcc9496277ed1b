import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'

import type { FromWorker, Turn } from '../../../../src/engine/workers/messages.js'
import { WorkerContext } from '../../../../src/engine/workers/worker-context.js'
import { readEvents } from '../../../../src/event/entry-reader.js'

interface Worker {
  readonly context: WorkerContext
  readonly turns: () => Turn[]
}

function workerWith(freeBytes: number): Worker {
  const sent: FromWorker[] = []
  const send = (message: FromWorker): void => void sent.push(message)
  const port = { send, receive: () => undefined, close: () => undefined }
  const parser = (): never => assert.fail('no parser is asked for')
  const context = new WorkerContext('http.0', port, { hasRoom: true, chargedBytes: 0, freeBytes }, { parser })
  return { context, turns: () => sent.flatMap((message) => (message.kind === 'turn' ? [message.turn] : [])) }
}

describe('the context of a worker', () => {
  test('tells all of one turn together, and calls each ack when its run is known', async () => {
    const { context, turns } = workerWith(1000)
    const acked: string[] = []
    const ack = (name: string) => (error?: Error) => void acked.push(`${name} ${error?.message ?? 'kept'}`)
    context.emit('a', { n: 1 }, { seconds: 1, nanoseconds: 0 }, ack('first'))
    context.emit('b', { n: 2 }, { seconds: 1, nanoseconds: 0 }, ack('second'))
    context.count('seen', 2)
    await nextTurn()
    const [turn = assert.fail('a turn is told')] = turns()
    const [first, second] = turn.runs
    assert.deepEqual([turns().length, first?.tag, second?.tag, turn.counts], [1, 'a', 'b', { seen: 2 }])
    const records = [...readEvents({ tag: 'all', entries: turn.entries, count: 2 })].map(({ record }) => record)
    assert.deepEqual(records, [{ n: 1 }, { n: 2 }])
    context.hear({ kept: [1], broken: [[0, 'no route']], room: { hasRoom: true, chargedBytes: 0, freeBytes: 1000 } })
    assert.deepEqual(acked, ['second kept', 'first no route'])
  })

  test('holds no more than there is free, and asks again where that was too little', async () => {
    const { context, turns } = workerWith(100)
    assert.deepEqual([context.reserve(60), context.reserve(60)], [true, false])
    await nextTurn()
    assert.deepEqual(
      turns().map(({ heldBytes }) => heldBytes),
      [60],
    )
    context.hear({ kept: [], broken: [], room: { hasRoom: true, chargedBytes: 60, freeBytes: 100 } })
    assert.deepEqual([context.reserve(60), context.reserve(60)], [true, false])
  })

  test('tells of what it holds for that alone only where it is much', async () => {
    const { context, turns } = workerWith(1e6)
    context.reserve(1000)
    context.release(1000)
    await nextTurn()
    assert.deepEqual(turns(), [])
    context.reserve(100_000)
    await nextTurn()
    assert.deepEqual(
      turns().map(({ heldBytes }) => heldBytes),
      [100_000],
    )
  })

  test('waits for room until it hears of some, and keeps no state', async () => {
    const { context } = workerWith(100)
    context.hear({ kept: [], broken: [], room: { hasRoom: false, chargedBytes: 0, freeBytes: 0 } })
    assert.deepEqual([context.hasRoom, context.reserve(1)], [false, false])
    const waited = context.room()
    context.hear({ kept: [], broken: [], room: { hasRoom: true, chargedBytes: 0, freeBytes: 100 } })
    await waited
    assert.throws(() => context.state.get('x'), { code: 'ENGINE_WORKER_STATE' })
  })
})
