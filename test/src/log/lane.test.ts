import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { PermanentError } from '../../../src/plugin/errors.js'
import { settle } from '../../support/fake-clock.js'
import { Flow, put } from '../../support/flow.js'
import { RecordingOutput } from '../../support/recording-output.js'

const mebibyte = 1024 * 1024

describe('the memory lane', () => {
  it('drops the oldest events for an output that is down, and keeps the newest', async () => {
    const flow = new Flow(mebibyte)
    let down = true
    const output = new RecordingOutput(() => {
      if (down) throw new Error('down')
    })
    flow.output('out', output, { maxBatchBytes: 1024 })
    const input = flow.input('in', { full: 'drop_oldest' })
    for (let n = 0; n < 200_000; n++) put(input, 'a', n)
    assert.ok(flow.budget.used <= flow.budget.limit)
    down = false
    await flow.clock.advance(60_000)
    const numbers = output.records.map(({ n }) => Number(n))
    assert.equal(numbers.at(-1), 199_999)
    assert.deepEqual(
      numbers,
      [...numbers].sort((one, other) => one - other),
      'what is left is in order',
    )
    assert.equal(numbers.length + (flow.ledger.output('out').dropped.toJSON()['memory_full'] ?? 0), 200_000)
  })

  it('refuses the newest events when told so, and keeps the oldest', async () => {
    const flow = new Flow(mebibyte)
    const output = new RecordingOutput(() => new Promise(() => undefined))
    flow.output('out', output, { timeoutMs: 1e9 })
    const input = flow.input('in', { full: 'drop_newest' })
    const errors: (Error | undefined)[] = []
    for (let n = 0; n < 100_000; n++) put(input, 'a', n, (error) => errors.push(error))
    await settle()
    const dropped = input.ledger.dropped.toJSON()['memory_full'] ?? 0
    assert.ok(dropped > 0)
    assert.equal(errors.length, dropped, 'their senders were told, nobody else was')
    assert.match(errors[0]?.message ?? '', /memory_full/)
  })

  it('counts what inputs hold of events to come, and refuses more than there is room for', () => {
    const flow = new Flow(mebibyte)
    const input = flow.input('in', { full: 'wait' })
    assert.equal(input.reserve(mebibyte + 1), false)
    assert.equal(flow.budget.used, 0)
    assert.equal(input.reserve(0.9 * mebibyte), true)
    assert.equal(input.hasRoom, false)
    assert.equal(input.reserve(1), false)
    input.release(0.9 * mebibyte)
    assert.equal(flow.budget.used, 0)
    assert.equal(input.hasRoom, true)
  })

  it('makes an input wait that says so, until a quarter of the memory is free', async () => {
    const flow = new Flow(mebibyte)
    let release = (): void => undefined
    const held = new Promise<void>((resolve) => (release = resolve))
    flow.output('out', new RecordingOutput(() => held), { timeoutMs: 1e9, maxBatchBytes: 300_000 })
    const input = flow.input('in', { full: 'wait' })
    put(input, 'a', 0)
    await settle()
    for (let n = 1; input.hasRoom; n++) put(input, 'a', n)
    let room = false
    void input.room().then(() => (room = true))
    await settle()
    assert.equal(room, false)
    release()
    await settle()
    assert.equal(room, true)
    assert.equal(input.ledger.dropped.total, 0)
  })

  it('calls an ack once, though a letter is written only after the agent ended', async () => {
    const flow = new Flow()
    let written = (): void => undefined
    flow.deadLetter = { write: () => new Promise((resolve) => (written = () => resolve(true))) }
    flow.output('out', new RecordingOutput(() => Promise.reject(new PermanentError('OUT_REFUSED', 'no'))))
    const errors: (Error | undefined)[] = []
    put(flow.input('in'), 'a', 1, (error) => errors.push(error))
    await settle()
    flow.lane.abandon()
    assert.match(errors[0]?.message ?? '', /the agent stopped/)
    written()
    await settle()
    assert.equal(errors.length, 1)
    assert.equal(flow.ledger.output('out').pending, 0)
  })

  it('drops events whose tag no output matches, and says so', () => {
    const flow = new Flow()
    flow.output('out', new RecordingOutput(), { match: (tag) => tag === 'a' })
    const input = flow.input('in')
    const errors: (Error | undefined)[] = []
    put(input, 'b', 1, (error) => errors.push(error))
    assert.deepEqual(input.ledger.dropped.toJSON(), { no_route: 1 })
    assert.match(errors[0]?.message ?? '', /no_route/)
  })

  it('does not use a buffer again while an output that was given up on may still read it', async () => {
    const flow = new Flow(4 * mebibyte)
    const lent: Uint8Array[] = []
    let finish = (): void => undefined
    const output: RecordingOutput = new RecordingOutput((batch) => {
      if (output.flushes > 1) return undefined
      lent.push(...batch.chunks.map(({ entries }) => entries))
      return new Promise((resolve) => (finish = resolve))
    })
    flow.output('out', output, { timeoutMs: 1000, maxBatchBytes: 1 })
    const input = flow.input('in')
    const fill = async (text: string): Promise<void> => {
      for (let n = 0; n < 3000; n++) input.append('a', 0, 0, { text })
      await flow.clock.advance(5000)
    }
    await fill('x'.repeat(300))
    const [first] = lent
    assert.ok(first)
    const before = Buffer.from(first).toString('latin1')
    for (let round = 0; round < 5; round++) await fill('y'.repeat(300))
    assert.equal(Buffer.from(first).toString('latin1'), before, 'the bytes are as they were lent')
    finish()
    await settle()
  })

  it('uses the buffers of delivered chunks again', async () => {
    const flow = new Flow(4 * mebibyte)
    const buffers = new Set<ArrayBufferLike>()
    const output = new RecordingOutput(({ chunks }) => {
      for (const { entries } of chunks) buffers.add(entries.buffer)
    })
    flow.output('out', output)
    const input = flow.input('in')
    for (let round = 0; round < 50; round++) {
      for (let n = 0; n < 1000; n++) input.append('a', 0, 0, { text: 'x'.repeat(300) })
      await settle()
    }
    assert.ok(buffers.size > 0 && buffers.size < 20, `${buffers.size} buffers for 16 MB`)
    assert.equal(flow.budget.used, 0)
  })

  it('rare events of an output that is down do not hold the memory of busy ones that were delivered', async () => {
    const flow = new Flow(16 * mebibyte)
    let delivered = 0
    flow.output('live', { flush: async (batch) => void (delivered += batch.count) }, { match: (tag) => tag === 'busy' })
    const down = new RecordingOutput(() => Promise.reject(new Error('down')))
    flow.output('dead', down, { match: (tag) => tag === 'rare' })
    const input = flow.input('in', { full: 'wait' })
    const text = 'x'.repeat(200)
    let accepted = 0
    for (let round = 0; round < 200; round++) {
      for (let n = 0; n < 2000; n++, accepted++) input.append('busy', 0, 0, { text })
      input.append('rare', 0, 0, { round })
      await flow.clock.advance(1000)
      assert.ok(input.hasRoom, `there is room in round ${round}`)
    }
    assert.equal(delivered, accepted)
  })
})

it('an input whose events may go makes no room by those of an input that waits', async () => {
  const flow = new Flow(256 * 1024)
  flow.output('out', new RecordingOutput(() => new Promise(() => undefined)))
  const [waits, drops] = [flow.input('waits'), flow.input('drops', { full: 'drop_oldest' })]
  for (let n = 0; n < 3000; n++) put(waits, 'a', n)
  for (let n = 0; n < 60_000; n++) put(drops, 'b', n)
  assert.ok(drops.ledger.dropped.total > 1000)
  assert.equal(waits.ledger.dropped.total, 0)
})
