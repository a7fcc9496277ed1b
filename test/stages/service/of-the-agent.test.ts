import assert from 'node:assert/strict'
import { test } from 'node:test'

import { FakeClock } from '../../support/fake-clock.js'
import { RecordingInputContext } from '../../support/input-context.js'
import { startService } from '../../support/service.js'
import { systemClock } from '../../../src/base/clock.js'

test('events go into the pipeline, at once or once they are as safe as was promised', async (t) => {
  const { url, context } = await startService(
    t,
    `export default { routes: {
      'POST /now': (_, service) => service.emit('a.b', { n: 1 }, { seconds: 5, nanoseconds: 6 }),
      'POST /safe': async (_, service) => { await service.emitAcked('c', { n: 2 }); return 'safe' },
      'POST /wrong': (_, service) => service.emit('', { n: 3 }),
      'POST /list': (_, service) => service.emit('d', [1]),
    } }`,
  )
  const post = (path: string): Promise<Response> => fetch(url + path, { method: 'POST' })
  assert.equal(await (await post('/now')).json(), true)
  assert.deepEqual(context.events, [{ tag: 'a.b', record: { n: 1 }, time: { seconds: 5, nanoseconds: 6 } }])
  const safe = post('/safe')
  await context.received(2)
  context.acks[1]?.()
  assert.equal(await (await safe).json(), 'safe')
  const broken = post('/safe')
  await context.received(3)
  context.acks[2]?.(new Error('no disk'))
  assert.equal((await broken).status, 500)
  assert.deepEqual([(await post('/wrong')).status, (await post('/list')).status, context.events.length], [500, 500, 3])
})

test('whoever does not await an event that is to be safe is told nothing, but where it is none', async (t) => {
  const { url, context } = await startService(
    t,
    `export default { routes: {
      'POST /forgotten': (_, service) => { service.emitAcked('c', {}) },
      'POST /wrong': (_, service) => { service.emitAcked('', {}) },
    } }`,
  )
  const post = async (path: string): Promise<number> => (await fetch(url + path, { method: 'POST' })).status
  assert.equal(await post('/forgotten'), 204)
  await context.received(1)
  // A promise that fails and that nobody heard of would end the process, and this test with it.
  context.acks[0]?.(new Error('no disk'))
  assert.equal(await post('/wrong'), 500)
})

test('an event that is to be safe waits for room', async (t) => {
  const context = new RecordingInputContext(systemClock)
  const { url } = await startService(
    t,
    `export default { routes: { 'GET /': async (_, service) => { await service.emitAcked('c', {}); return 'safe' } } }`,
    { context },
  )
  context.hasRoom = false
  const safe = fetch(url)
  const received = context.received(1)
  assert.equal(await Promise.race([received.then(() => 'taken'), fetch(`${url}/other`).then(() => 'waits')]), 'waits')
  context.hasRoom = true
  await received
  context.acks[0]?.()
  assert.equal((await safe).status, 200)
})

test('state holds what JSON can, and no more than a little', async (t) => {
  const { url, context } = await startService(
    t,
    `export default { routes: {
      'GET /': (_, { state }) => [state.get('a') ?? 'none', state.get('b') ?? 'none'],
      'PUT /': (_, { state }) => { state.set('a', { deep: [1, null] }); state.set('b', 'x'); state.delete('b') },
      'PUT /large': (_, { state }) => state.set('a', 'x'.repeat(20_000)),
    } }`,
  )
  assert.deepEqual(await (await fetch(url)).json(), ['none', 'none'])
  await fetch(url, { method: 'PUT' })
  assert.deepEqual(await (await fetch(url)).json(), [{ deep: [1, null] }, 'none'])
  assert.equal((await fetch(`${url}/large`, { method: 'PUT' })).status, 500)
  assert.match(context.log.lines[0]?.message ?? '', /state "a": expected at most 16384 characters of JSON, got 20002/)
})

test('last values are those of the agent', async (t) => {
  const { url, context } = await startService(
    t,
    `export default { routes: {
      'GET /': (_, { latest }) => latest.get('door'),
      'PUT /': (_, { latest }) => void latest.set('door', 'left', { open: true }),
    } }`,
  )
  context.latest.set('door', '', { open: false }, { seconds: 1, nanoseconds: 2 })
  const { tag, record, time } = (await (await fetch(url)).json()) as { [name: string]: unknown }
  assert.deepEqual([tag, record, time], ['door', { open: false }, { seconds: 1, nanoseconds: 2 }])
  await fetch(url, { method: 'PUT' })
  assert.deepEqual(context.latest.get('door', 'left')?.record, { open: true })
})

test('timers run at their intervals, one run behind the other, and go on where one fails', async (t) => {
  const clock = new FakeClock()
  const { context, url, stop } = await startService(
    t,
    `let n = 0
     export default {
       routes: { 'GET /': () => n },
       timers: {
         'every 5s: poll the scale': () => { n++; if (n === 2) throw new Error('no scale') },
         'every 1.5m': async ({ emit }) => { emit('slow', { n }) },
       },
     }`,
    { clock },
  )
  assert.equal(await (await fetch(url)).json(), 0, 'no timer runs at once')
  for (let seconds = 5; seconds <= 90; seconds += 5) await clock.advance(5000)
  assert.equal(await (await fetch(url)).json(), 18)
  assert.deepEqual(context.records, [{ n: 17 }])
  assert.deepEqual(
    context.log.lines.map(({ message }) => message),
    ['timer every 5s: poll the scale failed: no scale'],
  )
  const stopped = stop()
  await clock.advance(0)
  await stopped
  assert.equal(clock.waiting, 0, 'no timer keeps the process alive')
})
