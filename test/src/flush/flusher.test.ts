import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { PartialError, PermanentError, RetryLater } from '../../../src/plugin/errors.js'
import { settle } from '../../support/fake-clock.js'
import { Flow, put } from '../../support/flow.js'
import { RecordingOutput } from '../../support/recording-output.js'

describe('flusher', () => {
  it('delivers events in order and settles their ledgers', async () => {
    const flow = new Flow()
    const output = new RecordingOutput()
    flow.output('out', output)
    const input = flow.input('in')
    for (let n = 0; n < 5; n++) put(input, n % 2 ? 'odd' : 'even', n)
    await settle()
    assert.deepEqual(output.records, [{ n: 0 }, { n: 2 }, { n: 4 }, { n: 1 }, { n: 3 }])
    const { inputs, outputs } = flow.ledger.toJSON()
    assert.equal(inputs['in']?.delivered, 5)
    assert.equal(outputs['out']?.delivered, 5)
    assert.equal(flow.budget.used, 0)
  })

  it('sends the first batch at once and the next when it is old enough', async () => {
    const flow = new Flow()
    const output = new RecordingOutput()
    flow.output('out', output, { maxBatchAgeMs: 1000 })
    const input = flow.input('in')
    put(input, 'a', 0)
    await settle()
    assert.equal(output.flushes, 1)
    put(input, 'a', 1)
    await flow.clock.advance(500)
    put(input, 'a', 2)
    await settle()
    assert.equal(output.flushes, 1)
    await flow.clock.advance(500)
    assert.equal(output.flushes, 2)
    assert.deepEqual(output.records, [{ n: 0 }, { n: 1 }, { n: 2 }])
  })

  it('sends a batch that is large enough before it is old enough', async () => {
    const flow = new Flow()
    const output = new RecordingOutput()
    flow.output('out', output, { maxBatchAgeMs: 60_000, maxBatchBytes: 1 })
    const input = flow.input('in')
    put(input, 'a', 0)
    await settle()
    input.ledger.accepted++
    input.append('a', 0, 0, { text: 'x'.repeat(300_000) })
    await settle()
    assert.equal(output.flushes, 2)
  })

  it('keeps a failed batch, waits, and delivers it before anything newer', async () => {
    const flow = new Flow()
    let down = true
    const output = new RecordingOutput(() => {
      if (down) throw new Error('no link')
    })
    const flusher = flow.output('out', output)
    const input = flow.input('in')
    put(input, 'a', 0)
    await settle()
    assert.equal(flusher.breaker, 'open')
    put(input, 'a', 1)
    await settle()
    assert.equal(output.flushes, 1, 'while the breaker is open nothing goes out')
    down = false
    await flow.clock.advance(1000)
    assert.deepEqual(output.records, [{ n: 0 }, { n: 1 }])
    assert.equal(flusher.breaker, 'closed')
    assert.equal(flow.ledger.output('out').retried, 1)
  })

  it('sends one probe at a time while a destination is down, then everything at once', async () => {
    const flow = new Flow()
    let down = true
    let most = 0
    const output: RecordingOutput = new RecordingOutput(async () => {
      most = Math.max(most, output.underWay)
      await new Promise((resolve) => setImmediate(resolve))
      if (down) throw new Error('no link')
    })
    flow.output('out', output, { maxBatchBytes: 1, maxInFlight: 4 })
    const input = flow.input('in')
    for (let n = 0; n < 8; n++) {
      put(input, `tag${n}`, n)
    }
    await flow.clock.advance(120_000)
    assert.equal(most, 4, 'the first flushes went out together')
    most = 0
    await flow.clock.advance(120_000)
    assert.equal(most, 1, 'probes go out alone')
    down = false
    await flow.clock.advance(30_000)
    assert.equal(output.records.length, 8)
  })

  it('waits as long as a destination asks for', async () => {
    const flow = new Flow()
    const output: RecordingOutput = new RecordingOutput(() => {
      if (output.flushes === 1) throw new RetryLater('TEST_LATER', 'come back', 7000)
    })
    flow.output('out', output)
    put(flow.input('in'), 'a', 0)
    await flow.clock.advance(6999)
    assert.equal(output.flushes, 1)
    await flow.clock.advance(1)
    assert.equal(output.flushes, 2)
  })

  it('fails a flush that takes too long, though the output ignores its signal', async () => {
    const flow = new Flow()
    const output: RecordingOutput = new RecordingOutput(() =>
      output.flushes === 1 ? new Promise(() => undefined) : undefined,
    )
    flow.output('out', output, { timeoutMs: 5000 })
    put(flow.input('in'), 'a', 0)
    await flow.clock.advance(6000)
    assert.match(flow.log.lines[0]?.message ?? '', /no answer within 5000 ms/)
    assert.deepEqual(output.records, [{ n: 0 }])
  })

  it('gives a refused batch to the dead letter and goes on', async () => {
    const flow = new Flow()
    const letters: string[] = []
    flow.deadLetter = {
      write: (written) => {
        letters.push(...written.map(({ output: id, reason, message }) => `${id} ${reason} ${message}`))
        return Promise.resolve(true)
      },
    }
    const output: RecordingOutput = new RecordingOutput(() => {
      if (output.flushes === 1) throw new PermanentError('TEST_NO', 'never')
    })
    flow.output('out', output)
    const input = flow.input('in')
    const errors: (Error | undefined)[] = []
    put(input, 'a', 0, (error) => errors.push(error))
    await settle()
    put(input, 'a', 1, (error) => errors.push(error))
    await settle()
    assert.deepEqual(letters, ['out refused never'])
    assert.deepEqual(output.records, [{ n: 1 }])
    assert.match(errors[0]?.message ?? '', /refused/)
    assert.equal(errors[1], undefined)
    assert.deepEqual(flow.ledger.input('in').dropped.toJSON(), { refused: 1 })
    assert.equal(flow.ledger.output('out').deadLettered, 1)
  })

  it('drops only the refused events of a batch', async () => {
    const flow = new Flow()
    const letters: number[] = []
    flow.deadLetter = {
      write: (written) => {
        letters.push(...written.flatMap(({ events }) => events.map(({ count }) => count)))
        return Promise.resolve(true)
      },
    }
    const output = new RecordingOutput(() => {
      throw new PartialError(
        'TEST_PART',
        'two are bad',
        new Map([
          [1, 'bad'],
          [3, 'worse'],
        ]),
      )
    })
    flow.output('out', output)
    const input = flow.input('in')
    for (const tag of ['a', 'a', 'b', 'b', 'b']) put(input, tag, 0)
    await settle()
    assert.deepEqual(letters, [1, 1])
    const { delivered, pending, dropped } = flow.ledger.output('out')
    assert.deepEqual([delivered, pending, dropped.toJSON()], [3, 0, { refused: 2 }])
  })

  it('gives up after the retries that the user allows', async () => {
    const flow = new Flow()
    const output = new RecordingOutput(() => {
      throw new Error('down')
    })
    flow.output('out', output, { retryLimit: 2 })
    put(flow.input('in'), 'a', 0)
    await flow.clock.advance(120_000)
    assert.equal(output.flushes, 3)
    assert.deepEqual(flow.ledger.output('out').dropped.toJSON(), { retry_limit: 1 })
  })

  it('says that it delivers again when it does, not when it gives something up', async () => {
    const flow = new Flow()
    let down = true
    const output = new RecordingOutput(() => {
      if (down) throw new Error('down')
    })
    flow.output('out', output, { retryLimit: 1 })
    const told = (): number => flow.log.lines.filter(({ message }) => message === 'delivering again').length
    for (let n = 0; n < 3; n++) {
      put(flow.input('in'), 'a', n)
      await flow.clock.advance(60_000)
    }
    assert.equal(flow.ledger.output('out').dropped.toJSON()['retry_limit'], 3)
    assert.equal(told(), 0)
    down = false
    for (let n = 0; n < 3; n++) {
      put(flow.input('in'), 'a', n)
      await flow.clock.advance(60_000)
    }
    assert.equal(told(), 1)
  })

  it('does not count the quick tries while it drains: what is left stays pending', async () => {
    const flow = new Flow()
    const output = new RecordingOutput(() => {
      throw new Error('down')
    })
    const flusher = flow.output('out', output, { retryLimit: 2 })
    put(flow.input('in'), 'a', 0)
    await settle()
    void flusher.drain()
    await flow.clock.advance(3000)
    assert.ok(output.flushes > 5)
    const { pending, dropped } = flow.ledger.output('out')
    assert.deepEqual([pending, dropped.total], [1, 0])
    await flusher.stop()
  })

  it('drains at once when told, and says when it is done', async () => {
    const flow = new Flow()
    const output = new RecordingOutput()
    const flusher = flow.output('out', output, { maxBatchAgeMs: 60_000 })
    const input = flow.input('in')
    put(input, 'a', 0)
    await settle()
    put(input, 'a', 1)
    await flusher.drain()
    assert.deepEqual(output.records, [{ n: 0 }, { n: 1 }])
  })

  it('aborts what is under way when it stops, leaves it pending, and closes the output', async () => {
    const flow = new Flow()
    let aborted = false
    const output = new RecordingOutput(
      (_, signal) =>
        new Promise((_resolve, reject) =>
          signal.addEventListener('abort', () => {
            aborted = true
            reject(signal.reason as Error)
          }),
        ),
    )
    const flusher = flow.output('out', output)
    put(flow.input('in'), 'a', 0)
    await settle()
    await flusher.stop()
    await settle()
    assert.equal(aborted, true)
    assert.equal(output.closed, 1)
    assert.equal(flow.ledger.output('out').pending, 1)
    assert.equal(flow.clock.waiting, 0, 'no timer is left behind')
  })

  it('lets a live output go on while another hangs', async () => {
    const flow = new Flow(256 * 1024)
    const hole = new RecordingOutput(() => new Promise(() => undefined))
    const live = new RecordingOutput()
    flow.output('hole', hole, { timeoutMs: 1e9 })
    flow.output('live', live)
    const input = flow.input('in', { full: 'drop_oldest' })
    for (let n = 0; n < 20_000; n++) {
      put(input, 'a', n)
      if (n % 100 === 0) await settle()
    }
    await settle()
    assert.equal(live.records.length, 20_000, 'the live output has everything')
    assert.ok(flow.budget.used <= flow.budget.limit)
    const { routed, delivered, pending, dropped } = flow.ledger.output('hole')
    assert.equal(delivered, 0)
    assert.equal(routed, pending + dropped.total)
    assert.ok(dropped.total > 0)
  })
})
