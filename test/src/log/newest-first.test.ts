import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { backfillLimit, type BackfillRate } from '../../../src/flush/backfill.js'
import { Flow, put } from '../../support/flow.js'
import { RecordingOutput } from '../../support/recording-output.js'

const unlimited = { perSecond: Infinity, perDay: Infinity }

/** An output that was down while `count` events came, each in a chunk of its own of about a hundred bytes. */
async function outage(count: number, rate: BackfillRate = unlimited) {
  const flow = new Flow(8 * 1024 * 1024)
  let down = true
  const output = new RecordingOutput(() => {
    if (down) throw new Error('down')
  })
  const backfill = backfillLimit(rate, flow.clock)
  flow.output('out', output, { maxBatchBytes: 1024, backfill })
  const input = flow.input('in')
  const emit = (n: number): void => {
    input.ledger.accepted++
    input.append('a', 0, 0, { n, text: 'x'.repeat(80) })
    input.seal()
  }
  for (let n = 0; n < count; n++) emit(n)
  await flow.clock.advance(1)
  return { flow, output, emit, numbers: () => output.records.map(({ n }) => Number(n)), up: () => (down = false) }
}

describe('an output that wants the newest events first', () => {
  it('delivers what comes before the backlog, which it delivers in order, and all of it once', async () => {
    const { flow, emit, numbers, up } = await outage(500, { perSecond: 1000, perDay: Infinity })
    up()
    for (let n = 500; n < 900; n++) {
      emit(n)
      await flow.clock.advance(100)
    }
    await flow.clock.advance(600_000)
    const sorted = [...numbers()].sort((one, other) => one - other)
    assert.deepEqual(
      sorted,
      Array.from({ length: 900 }, (_, n) => n),
    )
    assert.ok(numbers().indexOf(600) < numbers().indexOf(400), 'what is new went first')
    const backlog = numbers().filter((n) => n < 480)
    assert.deepEqual(
      backlog,
      [...backlog].sort((one, other) => one - other),
    )
    assert.equal(flow.budget.used, 0)
    assert.equal(flow.ledger.output('out').pending, 0)
  })

  it('sends no more of a backlog in a second than its rate', async () => {
    const { flow, numbers, up } = await outage(1000, { perSecond: 1000, perDay: Infinity })
    up()
    await flow.clock.advance(30_000)
    const before = numbers().length
    await flow.clock.advance(20_000)
    const perSecond = (numbers().length - before) / 20
    assert.ok(perSecond > 7 && perSecond < 12, `${perSecond} events of about 100 bytes in a second`)
  })

  it('sends no more of a backlog in a day than its budget, and goes on the next day', async () => {
    const { flow, numbers, up } = await outage(500, { perSecond: Infinity, perDay: 20_000 })
    up()
    await flow.clock.advance(12 * 3_600_000)
    const first = numbers().length
    assert.ok(first > 150 && first < 250, `${first} events of about 100 bytes`)
    await flow.clock.advance(13 * 3_600_000)
    assert.ok(numbers().length > first + 150)
  })

  it('sends no more of a backlog than its rate while more that is new comes than goes out', async () => {
    const flow = new Flow(8 * 1024 * 1024)
    const output = new RecordingOutput(() => flow.clock.sleep(1000))
    const backfill = backfillLimit({ perSecond: 100, perDay: Infinity }, flow.clock)
    flow.output('out', output, { maxBatchBytes: 1024, backfill })
    const input = flow.input('in')
    for (let second = 0; second < 60; second++) {
      for (let n = 0; n < 40; n++) {
        input.ledger.accepted++
        input.append('a', 0, 0, { second, text: 'x'.repeat(second < 30 ? 80 : 2000) })
        input.seal()
      }
      await flow.clock.advance(1000)
    }
    const old = output.records.slice(-20).filter(({ second }) => Number(second) < 30)
    assert.ok(old.length <= 2, `${old.length} of the last 20 events are of the backlog`)
  })

  it('accounts for what was dropped of the backlog', async () => {
    const { flow, up, numbers } = await outage(10)
    const input = flow.input('other', { full: 'drop_oldest' })
    for (let n = 0; n < 400_000; n++) put(input, 'b', n)
    up()
    await flow.clock.advance(60_000)
    const { delivered, dropped, pending } = flow.ledger.output('out')
    assert.equal(pending, 0)
    assert.equal(delivered + dropped.total, 400_010)
    assert.equal(delivered, numbers().length)
    assert.equal(flow.budget.used, 0)
  })

  it('delivers what is new though more comes than its destination takes', async () => {
    const flow = new Flow(8 * 1024 * 1024)
    const output = new RecordingOutput(() => flow.clock.sleep(1000))
    flow.output('out', output, { maxBatchBytes: 1024, backfill: backfillLimit(unlimited, flow.clock) })
    const input = flow.input('in')
    for (let second = 0; second < 60; second++) {
      for (let n = 0; n < 40; n++) {
        input.ledger.accepted++
        input.append('a', 0, 0, { second, text: 'x'.repeat(80) })
        input.seal()
      }
      await flow.clock.advance(1000)
    }
    const last = output.records.slice(-50).map(({ second }) => Number(second))
    assert.ok(Math.min(...last) >= 50, `delivered at last: ${last.join(' ')}`)
  })
})
