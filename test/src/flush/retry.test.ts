import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { Breaker } from '../../../src/flush/breaker.js'
import { backOffMs } from '../../../src/flush/retry.js'
import { readEvents } from '../../../src/event/entry-reader.js'
import { FakeClock } from '../../support/fake-clock.js'
import { Flow, put } from '../../support/flow.js'
import { RecordingOutput } from '../../support/recording-output.js'

const settings = { baseMs: 1000, capMs: 30_000 }

describe('back-off', () => {
  for (const [failures, ceiling] of [
    [1, 1000],
    [2, 2000],
    [5, 16_000],
    [6, 30_000],
    [5000, 30_000],
  ] as const) {
    it(`is anything up to ${ceiling} ms after ${failures} failures`, () => {
      assert.equal(backOffMs(failures, settings, 0), 0)
      assert.equal(backOffMs(failures, settings, 0.5), ceiling / 2)
    })
  }
})

describe('breaker', () => {
  it('lets one flush probe after the back-off, and all of them once it succeeded', async () => {
    const clock = new FakeClock()
    let probes = 0
    const breaker = new Breaker(
      clock,
      settings,
      () => probes++,
      () => 0.5,
    )
    assert.equal(breaker.limit(4), 4)
    assert.equal(breaker.failed(), 500)
    assert.equal(breaker.limit(4), 0)
    await clock.advance(500)
    assert.deepEqual([probes, breaker.limit(4)], [1, 1])
    assert.equal(breaker.failed(), 1000, 'the wait doubles')
    await clock.advance(1000)
    breaker.close()
    assert.equal(breaker.limit(4), 4)
    assert.equal(breaker.failed(), 500, 'a success starts afresh')
  })

  it('counts flushes that fail together as one failure', () => {
    const breaker = new Breaker(
      new FakeClock(),
      settings,
      () => undefined,
      () => 0.5,
    )
    breaker.failed()
    assert.equal(breaker.failed(), 500)
  })

  it('ends the back-off at once when told to probe', () => {
    let probes = 0
    const breaker = new Breaker(new FakeClock(), settings, () => probes++)
    breaker.probe()
    assert.equal(probes, 0, 'a closed breaker has nothing to probe')
    breaker.failed(60_000)
    breaker.probe()
    assert.deepEqual([probes, breaker.state], [1, 'probing'])
  })
})

it('tries batches that failed out of their order again in order', async () => {
  const flow = new Flow()
  const order: number[] = []
  let isDown = true
  const output = new RecordingOutput(async ({ chunks }) => {
    const [event] = readEvents(chunks[0] ?? assert.fail('no chunk'))
    const n = Number(event?.record['n'])
    if (!isDown) return void order.push(n)
    await flow.clock.sleep(n === 0 ? 200 : 100)
    throw new Error('down')
  })
  flow.output('out', output, { maxInFlight: 2, maxBatchBytes: 1 })
  const input = flow.input('in')
  for (const n of [0, 1]) {
    put(input, 'a', n)
    input.seal()
  }
  await flow.clock.advance(150)
  isDown = false
  await flow.clock.advance(60_000)
  assert.deepEqual(order, [0, 1])
})
