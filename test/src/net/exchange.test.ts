import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Exchange } from '../../../src/net/exchange.js'
import { FakeClock } from '../../support/fake-clock.js'

const late = (): Error => new Error('late')
const forever = new AbortController().signal

function fixture() {
  const clock = new FakeClock()
  let closed = 0
  const exchange = new Exchange(clock, () => closed++)
  return { clock, exchange, closed: () => closed }
}

test('waiting ends as soon as the condition holds, and leaves no timer', async () => {
  const { clock, exchange } = fixture()
  let here = false
  const done = exchange.within({ timeoutMs: 100, late, signal: forever }, () => exchange.until(() => here))
  exchange.moved()
  here = true
  exchange.moved()
  await done
  assert.equal(clock.waiting, 0)
})

test('what moves puts the deadline off, and silence ends in it', async () => {
  const { clock, exchange, closed } = fixture()
  const done = exchange.within({ timeoutMs: 100, late, signal: forever }, () => exchange.until(() => false))
  const failed = assert.rejects(done, { message: 'late' })
  await clock.advance(99)
  exchange.moved()
  await clock.advance(99)
  assert.equal(closed(), 0)
  await clock.advance(1)
  await failed
  assert.equal(closed(), 1)
  assert.equal(clock.waiting, 0)
})

test('an aborted signal ends the wait with its reason', async () => {
  const { exchange, closed } = fixture()
  const abort = new AbortController()
  const done = exchange.within({ timeoutMs: 100, late, signal: abort.signal }, () => exchange.until(() => false))
  abort.abort(new Error('stopping'))
  await assert.rejects(done, { message: 'stopping' })
  assert.equal(closed(), 1)
})

test('a signal that is aborted already lets nothing wait', async () => {
  const { clock, exchange } = fixture()
  const signal = AbortSignal.abort(new Error('stopping'))
  await assert.rejects(
    exchange.within({ timeoutMs: 100, late, signal }, () => exchange.until(() => false)),
    { message: 'stopping' },
  )
  assert.equal(clock.waiting, 0)
})

test('the first failure stays, also when nobody waited for it', async () => {
  const { clock, exchange } = fixture()
  exchange.fail(new Error('first'))
  exchange.fail(new Error('second'))
  const done = exchange.within({ timeoutMs: 100, late, signal: forever }, () => exchange.until(() => true))
  await assert.rejects(done, { message: 'first' })
  assert.equal(exchange.failure?.message, 'first')
  assert.equal(clock.waiting, 0)
})
