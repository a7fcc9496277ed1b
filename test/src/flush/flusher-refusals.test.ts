import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { readEvents } from '../../../src/event/entry-reader.js'
import type { FlushSettings } from '../../../src/flush/flusher.js'
import type { Batch } from '../../../src/plugin/define.js'
import { AgentError, PartialError, PermanentError, RetryLater } from '../../../src/plugin/errors.js'
import { entryOf } from '../../support/entries.js'
import { settle } from '../../support/fake-clock.js'
import { Flow, put } from '../../support/flow.js'
import { RecordingDeadLetter } from '../../support/recording-dead-letter.js'
import { RecordingOutput } from '../../support/recording-output.js'

const numbersIn = (batch: Batch): number[] =>
  batch.chunks.flatMap((chunk) => [...readEvents(chunk)].map(({ record }) => Number(record['n'])))

function refuseBad(...bad: readonly number[]): (batch: Batch) => void {
  return (batch) => {
    const found = numbersIn(batch).filter((n) => bad.includes(n))
    if (found.length > 0) throw new PermanentError('TEST_BAD', `holds ${found.join(' and ')}`)
  }
}

/** An output with a dead letter, and `count` events of one tag or of several before it. */
function flowOf(
  answer: (batch: Batch) => void,
  count: number,
  settings: Partial<FlushSettings> & { tags?: number } = {},
) {
  const { tags = 1, ...others } = settings
  const flow = new Flow()
  const dead = new RecordingDeadLetter()
  flow.deadLetter = dead
  const batches: Batch[] = []
  const output = new RecordingOutput((batch) => {
    batches.push({ ...batch })
    answer(batch)
  })
  const flusher = flow.output('out', output, { maxBatchAgeMs: 0, ...others })
  const input = flow.input('in')
  for (let n = 0; n < count; n++) put(input, `tag${Math.floor((n * tags) / count)}`, n)
  return { flow, dead, output, flusher, input, batches }
}

const allBut = (count: number, ...bad: readonly number[]): { n: number }[] =>
  Array.from({ length: count }, (_, n) => ({ n })).filter(({ n }) => !bad.includes(n))

/** Until all that goes without time has gone. */
async function settleAll(output: RecordingOutput): Promise<void> {
  for (let before = -1; before < output.flushes;) {
    before = output.flushes
    await settle()
  }
}

describe('a batch that is refused', () => {
  it('costs the bad event alone; the others are delivered once, in order', async () => {
    const { flow, dead, output } = flowOf(refuseBad(617), 1000)
    await settleAll(output)
    assert.deepEqual(output.records, allBut(1000, 617))
    assert.deepEqual(dead.records, [{ n: 617 }])
    assert.equal(dead.writes, 1)
    const { delivered, pending, dropped, deadLettered } = flow.ledger.output('out')
    assert.deepEqual([delivered, pending, dropped.toJSON(), deadLettered], [999, 0, { refused: 1 }, 1])
    assert.deepEqual(flow.ledger.input('in').dropped.toJSON(), { refused: 1 })
    const [{ message } = { message: '' }] = flow.log.lines.filter(({ level }) => level === 'error')
    assert.equal(message, '1 event given up (refused), kept in the dead letter: holds 617')
    assert.equal(flow.budget.used, 0)
    assert.ok(output.flushes <= 20, `${output.flushes} flushes`)
  })

  it('finds bad events of several chunks, each with its own reason and attempts', async () => {
    const { dead, output } = flowOf(refuseBad(3, 70), 100, { tags: 4 })
    await settleAll(output)
    assert.deepEqual(output.records, allBut(100, 3, 70))
    assert.deepEqual(
      dead.letters.map(({ message, events }) => [message, events.map(({ tag, count }) => [tag, count])]),
      [
        ['holds 3', [['tag0', 1]]],
        ['holds 70', [['tag2', 1]]],
      ],
    )
    assert.ok(dead.letters.every(({ attempts }) => attempts > 3))
  })

  it('goes before anything newer, in parts whose ids stay the same', async () => {
    const refuse = refuseBad(2)
    let failures = 0
    const { flow, output, input, batches } = flowOf((batch) => {
      if (numbersIn(batch).length < 3 && failures++ < 2) throw new AgentError('TEST_DOWN', 'down')
      refuse(batch)
    }, 8)
    await settle()
    put(input, 'tag0', 8)
    await flow.clock.advance(100_000)
    assert.deepEqual(output.records, allBut(9, 2))
    const [whole, ...parts] = batches.map(({ id, count, attempt, chunks }) => {
      return [id, count, attempt, chunks.map((chunk) => chunk.id)] as const
    })
    const id = whole?.[0]
    assert.deepEqual(whole, [id, 8, 1, [id]])
    assert.deepEqual(parts.slice(0, 5), [
      [`${id}.0-3`, 4, 1, [`${id}.0-3`]],
      [`${id}.0-1`, 2, 1, [`${id}.0-1`]],
      [`${id}.0-1`, 2, 2, [`${id}.0-1`]],
      [`${id}.0-1`, 2, 3, [`${id}.0-1`]],
      [`${id}.2-2`, 1, 1, [`${id}.2-2`]],
    ])
  })

  it('keeps the ids of chunks that a part holds whole', async () => {
    const { output, batches } = flowOf(refuseBad(7), 8, { tags: 4 })
    await settleAll(output)
    const [whole, half] = batches
    assert.equal(half?.id, `${whole?.id}.0-3`)
    assert.deepEqual(
      half?.chunks.map(({ id }) => id),
      whole?.chunks.slice(0, 2).map(({ id }) => id),
    )
  })

  it('waits, and tries a part again, as with any batch; what was delivered is not sent again', async () => {
    const refuse = refuseBad(6)
    const { flow, flusher, output, dead } = flowOf((batch) => {
      if (output.flushes === 4) throw new RetryLater('TEST_LATER', 'come back', 7000)
      refuse(batch)
    }, 8)
    await settleAll(output)
    assert.deepEqual([output.flushes, flusher.breaker], [4, 'open'])
    await flow.clock.advance(6999)
    assert.equal(output.flushes, 4)
    await flow.clock.advance(1)
    assert.deepEqual(output.records, allBut(8, 6))
    assert.deepEqual(dead.records, [{ n: 6 }])
    assert.equal(flusher.breaker, 'closed')
  })

  it('gives up what is left of it when a part was tried too often', async () => {
    const refuse = refuseBad(0)
    const { flow, output, dead } = flowOf(
      (batch) => {
        refuse(batch)
        if (numbersIn(batch).includes(2)) throw new AgentError('TEST_DOWN', 'down')
      },
      8,
      { retryLimit: 2 },
    )
    await flow.clock.advance(100_000)
    assert.deepEqual(output.records, [{ n: 1 }])
    assert.deepEqual(dead.records, allBut(8, 1))
    assert.deepEqual(
      dead.letters.map(({ reason, message }) => [reason, message]),
      [
        ['refused', 'holds 0'],
        ['retry_limit', 'down'],
        ['retry_limit', 'down'],
      ],
    )
    assert.equal(flow.ledger.output('out').pending, 0)
  })

  it('is given up whole where the destination would refuse any other too', async () => {
    const { output, dead } = flowOf(() => {
      throw new PermanentError('TEST_NO', 'no access', { all: true })
    }, 1000)
    await settleAll(output)
    assert.deepEqual([output.flushes, dead.letters.length, dead.records.length], [1, 1, 1000])
  })

  it('is given up after some tries where a destination refuses everything', async () => {
    const { output, dead } = flowOf(() => {
      throw new PermanentError('TEST_NO', 'never')
    }, 1000)
    await settleAll(output)
    assert.equal(dead.records.length, 1000)
    assert.ok(output.flushes < 40, `${output.flushes} flushes`)
  })

  it('is searched where an output names runs that were refused together', async () => {
    const { output, dead } = flowOf((batch) => {
      const numbers = numbersIn(batch)
      if (numbers.length === 10) {
        const rejected = new Map(numbers.slice(4).map((n) => [n, 'one of these']))
        throw new PartialError('TEST_PART', 'a part', rejected, { together: [{ first: 4, count: 6 }] })
      }
      refuseBad(5)(batch)
    }, 10)
    await settleAll(output)
    assert.deepEqual(dead.records, [{ n: 5 }])
    assert.deepEqual(output.records, [{ n: 4 }, { n: 6 }, { n: 7 }, { n: 8 }, { n: 9 }])
  })

  it('is refused by an output that cannot read it: what can be read of it is delivered', async () => {
    const { output, dead } = flowOf((batch) => {
      if (numbersIn(batch).includes(3)) throw new AgentError('EVENT_CORRUPT', 'entries: a hole')
    }, 6)
    await settleAll(output)
    assert.deepEqual([output.records, dead.records], [allBut(6, 3), [{ n: 3 }]])
  })

  it('waits while the dead letter cannot be written, and is given up once it can', async () => {
    const { flow, dead, output } = flowOf(refuseBad(3), 5)
    dead.failure = new Error('no space left')
    await settleAll(output)
    await flow.clock.advance(5000)
    const ledger = flow.ledger.output('out')
    assert.deepEqual([dead.records, ledger.pending, ledger.dropped.toJSON()], [[], 5, {}])
    assert.equal(flow.log.lines.filter(({ message }) => /not written.*no space left/.test(message)).length, 1)
    dead.failure = undefined
    await flow.clock.advance(1000)
    assert.deepEqual([dead.records, ledger.pending, ledger.deadLettered], [[{ n: 3 }], 0, 1])
    assert.deepEqual(output.records, allBut(5, 3))
  })

  it('is left pending where the agent stops while the dead letter cannot be written', async () => {
    const { flow, dead, output, flusher } = flowOf(refuseBad(3), 5)
    dead.failure = new Error('no space left')
    await settleAll(output)
    await flusher.stop()
    await settle()
    assert.deepEqual([dead.records, flow.ledger.output('out').pending, flow.clock.waiting], [[], 5, 0])
  })

  it('is left pending, with nothing in the dead letter, when the agent stops in the middle', async () => {
    const refuse = refuseBad(0)
    const { flow, flusher, output, dead } = flowOf((batch) => {
      refuse(batch)
      throw new AgentError('TEST_DOWN', 'down')
    }, 4)
    await settleAll(output)
    await flusher.stop()
    await settle()
    assert.deepEqual([dead.letters, flow.ledger.output('out').pending], [[], 4])
  })
})

describe('a chunk whose bytes are no events', () => {
  it('is given up whole, and kept as it is; others beside it are delivered', async () => {
    const flow = new Flow()
    const dead = new RecordingDeadLetter()
    flow.deadLetter = dead
    const output = new RecordingOutput(refuseBad())
    flow.output('out', output)
    const input = flow.input('in')
    put(input, 'a', 1)
    flow.lane.seal()
    const torn = Buffer.concat([entryOf({ n: 2 }), Uint8Array.of(0x92, 0xd7, 0x00)])
    const origin = { ledger: input.ledger, acks: [], ackStored: false, evictable: false }
    flow.lane.append({ tag: 'a', entries: torn, count: 5, input: 'in' }, origin)
    await settleAll(output)
    assert.deepEqual(output.records, [{ n: 1 }, { n: 2 }])
    assert.deepEqual(
      dead.letters.map(({ reason, events }) => [reason, events.map(({ count }) => count)]),
      [['corrupt', [5]]],
    )
    assert.deepEqual(Buffer.from(dead.letters[0]?.events[0]?.entries ?? []), torn)
    const { pending, delivered, dropped } = flow.ledger.output('out')
    assert.deepEqual([pending, delivered, dropped.toJSON()], [0, 1, { corrupt: 5 }])
  })
})
