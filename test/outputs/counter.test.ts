import assert from 'node:assert/strict'
import { Writable } from 'node:stream'
import { test } from 'node:test'
import { CounterOutput } from '../../outputs/counter/counter-output.js'
import { batchOf } from '../support/batch.js'
import { FakeClock } from '../support/fake-clock.js'

function batch(count: number): ReturnType<typeof batchOf> {
  return batchOf(Array.from({ length: count }, (_, n) => ({ record: { n } })))
}

function begin(intervalMs: number): { clock: FakeClock; output: CounterOutput; printed: () => string } {
  const clock = new FakeClock()
  clock.setWall(1_500_484_743_000)
  let text = ''
  const stream = new Writable({
    write(bytes: Buffer, _encoding, done) {
      text += bytes.toString()
      done()
    },
  })
  return { clock, output: new CounterOutput(intervalMs, clock, stream), printed: () => text }
}

test('each batch prints the time, its events and all events', async () => {
  const { clock, output, printed } = begin(0)
  await output.flush(batch(2))
  await clock.advance(1500)
  await output.flush(batch(3))
  assert.equal(printed(), '1500484743.000,2 (total = 2)\n1500484744.500,3 (total = 5)\n')
})

test('within an interval events add up to one line', async () => {
  const { clock, output, printed } = begin(1000)
  for (const count of [1, 2, 3]) await output.flush(batch(count))
  await clock.advance(1000)
  await output.flush(batch(4))
  assert.equal(printed(), '1500484743.000,1 (total = 1)\n1500484744.000,9 (total = 10)\n')
})

test('the last events are printed at the end, once', async () => {
  const { output, printed } = begin(1000)
  for (const count of [1, 2]) await output.flush(batch(count))
  await output.close()
  await output.close()
  assert.equal(printed(), '1500484743.000,1 (total = 1)\n1500484743.000,2 (total = 3)\n')
})

test('a reader that stops reading gets one line for what came meanwhile', async () => {
  const lines: string[] = []
  let finish: (() => void) | undefined
  const stream = new Writable({
    highWaterMark: 1,
    write(bytes: Buffer, _encoding, done) {
      lines.push(bytes.toString())
      finish = done
    },
  })
  const output = new CounterOutput(0, new FakeClock(), stream)
  for (let flush = 0; flush < 3; flush++) await output.flush(batch(1))
  assert.equal(lines.length, 1)
  const drained = new Promise((resolve) => stream.once('drain', resolve))
  finish?.()
  await drained
  await output.flush(batch(1))
  assert.deepEqual(lines, ['0.000,1 (total = 1)\n', '0.000,3 (total = 4)\n'])
})

test('a reader that has gone stops nothing', async () => {
  const stream = new Writable({ autoDestroy: false, write: (_bytes, _encoding, done) => done(new Error('EPIPE')) })
  const output = new CounterOutput(0, new FakeClock(), stream)
  await output.flush(batch(1))
  await output.flush(batch(1))
  await output.close()
  assert.equal(stream.destroyed, false)
})
