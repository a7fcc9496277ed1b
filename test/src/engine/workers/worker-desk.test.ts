import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'

import type { News, ToWorker, Turn } from '../../../../src/engine/workers/messages.js'
import { WorkerDesk } from '../../../../src/engine/workers/worker-desk.js'
import { EntryWriter } from '../../../../src/event/entry-writer.js'
import { AgentError } from '../../../../src/plugin/errors.js'
import { RecordingInputContext } from '../../../support/input-context.js'

interface Desk {
  readonly desk: WorkerDesk
  readonly sent: ToWorker[]
  readonly news: () => News[]
}

function deskOf(context: RecordingInputContext, freeBytes = 1000): Desk {
  const sent: ToWorker[] = []
  const desk = new WorkerDesk({ context, freeBytes: () => freeBytes, send: (message) => sent.push(message) })
  return { desk, sent, news: () => sent.flatMap((message) => (message.kind === 'news' ? [message.news] : [])) }
}

function turnOf(runs: readonly (readonly [tag: string, ...numbers: number[]])[], more: Partial<Turn> = {}): Turn {
  const writer = new EntryWriter()
  const told = runs.map(([tag, ...numbers]) => {
    const { size } = writer
    for (const n of numbers) writer.writeEvent(1, 0, { n })
    return { tag, bytes: writer.size - size, count: numbers.length }
  })
  return { entries: writer.take(), runs: told, firstRun: 0, heldBytes: 0, counts: {}, drops: {}, ...more }
}

describe('the desk of a worker', () => {
  test('hands the log each run by itself, and tells what became of it by its number', async () => {
    const context = new RecordingInputContext()
    const { desk, news } = deskOf(context)
    desk.take(
      turnOf(
        [
          ['a', 1, 2],
          ['b', 3],
          ['a', 4],
        ],
        { firstRun: 7, counts: { refused_invalid: 2 }, drops: { late: 1 } },
      ),
    )
    assert.deepEqual(
      context.events.map(({ tag, record }) => [tag, record['n']]),
      [
        ['a', 1],
        ['a', 2],
        ['b', 3],
        ['a', 4],
      ],
    )
    assert.deepEqual([context.counted, context.dropped], [{ refused_invalid: 2 }, { late: 1 }])
    await nextTurn()
    assert.deepEqual(
      news().map(({ kept, broken }) => [kept, broken]),
      [[[], []]],
    )
    const [first, second, third] = context.acks
    third?.()
    first?.()
    second?.(new AgentError('LOG_REFUSED', 'no route'))
    await nextTurn()
    assert.deepEqual(
      news()
        .slice(1)
        .map(({ kept, broken }) => [kept, broken]),
      [[[9, 7], [[8, 'no route']]]],
    )
  })

  test('counts what the worker holds to the memory, and gives it back once the worker is gone', async () => {
    const context = new RecordingInputContext()
    const { desk, news } = deskOf(context)
    desk.take(turnOf([], { heldBytes: 300 }))
    desk.take(turnOf([], { heldBytes: 100 }))
    await nextTurn()
    assert.deepEqual([context.reserved, news()[0]?.room], [100, { hasRoom: true, chargedBytes: 100, freeBytes: 1000 }])
    desk.close()
    assert.equal(context.reserved, 0)
  })

  test('tells that there is no room, and as soon as there is some again, of which it has what the worker holds', async () => {
    const context = new RecordingInputContext()
    const { desk, news } = deskOf(context)
    context.hasRoom = false
    desk.take(turnOf([], { heldBytes: 300 }))
    await nextTurn()
    assert.deepEqual(
      news().map(({ room }) => [room.hasRoom, room.chargedBytes]),
      [[false, 0]],
    )
    context.hasRoom = true
    await nextTurn()
    await nextTurn()
    assert.deepEqual(
      news().map(({ room }) => [room.hasRoom, room.chargedBytes]),
      [
        [false, 0],
        [true, 300],
      ],
    )
  })

  test('lets one of two workers take what has a key; the other hears that it is known, or tries where the first is lost', async () => {
    const context = new RecordingInputContext()
    const [one, two] = [deskOf(context), deskOf(context)]
    const ask = (key: string, number: number): Parameters<WorkerDesk['ask']>[0] => ({
      kind: 'once',
      ask: number,
      key,
      windowMs: 1000,
    })
    for (const key of ['k', 'l']) for (const { desk } of [one, two]) desk.ask(ask(key, key === 'k' ? 1 : 2))
    await nextTurn()
    assert.deepEqual(
      [one.sent, two.sent],
      [
        [
          { kind: 'first', ask: 1 },
          { kind: 'first', ask: 2 },
        ],
        [],
      ],
    )
    one.desk.taken(1)
    one.desk.close()
    await nextTurn()
    assert.deepEqual(two.sent, [
      { kind: 'known', ask: 1 },
      { kind: 'first', ask: 2 },
    ])
  })

  test('says nothing to a worker that is gone', async () => {
    const context = new RecordingInputContext()
    const { desk, sent } = deskOf(context)
    desk.take(turnOf([['a', 1]]))
    desk.close()
    context.acks[0]?.()
    await nextTurn()
    assert.deepEqual([sent, context.events.length], [[], 1])
  })
})
