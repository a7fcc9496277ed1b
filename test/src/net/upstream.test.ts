import assert from 'node:assert/strict'
import { test } from 'node:test'

import { Upstream } from '../../../src/net/upstream.js'
import { AgentError, PartialError, PermanentError, RetryLater } from '../../../src/plugin/errors.js'
import { GroupWorld, servers } from '../../support/upstream-group.js'

const never = new AbortController().signal

function upstreamOf(...texts: readonly string[]) {
  const world = new GroupWorld()
  return { world, upstream: new Upstream(world.settings({ servers: servers(...texts) }), world.context) }
}

test('what one server fails at, the next one does in the same flush', async () => {
  const { world, upstream } = upstreamOf('a', 'b', 'c')
  world.down.add('a').add('b')
  const asked: string[] = []
  const flush = (): Promise<string> =>
    upstream.run(never, async (server) => {
      asked.push(server.where)
      await world.reach(server)
      return `done by ${server.where}`
    })
  assert.equal(await flush(), 'done by c')
  assert.equal(await flush(), 'done by c')
  assert.deepEqual(asked, ['a', 'b', 'c', 'c'])
  assert.deepEqual(world.context.counted, { failed_attempts: 2, failovers: 2 })
  upstream.close()
})

test('where every server fails the last failure is told, and the next flush tries one of them', async () => {
  const { world, upstream } = upstreamOf('a', 'b')
  world.down.add('a').add('b')
  await assert.rejects(upstream.run(never, world.reach), /^Error: b is down$/)
  await assert.rejects(upstream.run(never, world.reach), /^Error: a is down$/)
  world.down.clear()
  await upstream.run(never, world.reach)
  assert.deepEqual(world.lines, ['server a is offline', 'server b is offline', 'server b is back'])
  upstream.close()
})

for (const answer of [
  new PermanentError('TEST_REFUSED', 'no'),
  new PartialError('TEST_REFUSED', 'not these', new Map([[0, 'no']])),
  new RetryLater('TEST_BUSY', 'later', 1000),
])
  test(`a ${answer.constructor.name} is the answer of a server that is well`, async () => {
    const { world, upstream } = upstreamOf('a', 'b')
    const asked: string[] = []
    const flush = upstream.run(never, ({ where }) => {
      asked.push(where)
      return Promise.reject(answer)
    })
    await assert.rejects(flush, (error) => error === answer)
    assert.deepEqual([asked, world.context.counted, world.lines], [['a'], {}, []])
  })

test('who stops says nothing of the server', async () => {
  const { world, upstream } = upstreamOf('a', 'b')
  const stop = new AbortController()
  const flush = upstream.run(stop.signal, () => {
    stop.abort(new AgentError('FLUSH_STOPPED', 'the agent is stopping'))
    return Promise.reject(stop.signal.reason as Error)
  })
  await assert.rejects(flush, { code: 'FLUSH_STOPPED' })
  assert.deepEqual([world.context.counted, world.lines], [{}, []])
})

test('a server that lets the time of a flush run out has failed, and no other is tried then', async () => {
  const { world, upstream } = upstreamOf('a', 'b')
  const deadline = new AbortController()
  const flush = upstream.run(deadline.signal, () => {
    deadline.abort(new AgentError('FLUSH_TIMEOUT', 'no answer'))
    return Promise.reject(deadline.signal.reason as Error)
  })
  await assert.rejects(flush, { code: 'FLUSH_TIMEOUT' })
  assert.deepEqual([world.context.counted, world.lines], [{ failed_attempts: 1 }, ['server a is offline']])
  upstream.close()
})

test('a single server is the business of whoever flushes', async () => {
  const { world, upstream } = upstreamOf('a')
  world.down.add('a')
  await assert.rejects(upstream.run(never, world.reach), /a is down/)
  assert.deepEqual([world.context.counted, world.lines, world.clock.waiting], [{}, [], 0])
})

test('who has least to do is asked where several flushes run at once', async () => {
  const world = new GroupWorld()
  const settings = world.settings({ servers: servers('a', 'b', 'c weight=2'), balance: 'least_connections' })
  const upstream = new Upstream(settings, world.context)
  const asked: string[] = []
  const finish: (() => void)[] = []
  const flush = (): Promise<void> =>
    upstream.run(never, ({ where }) => {
      asked.push(where)
      return new Promise((resolve) => finish.push(resolve))
    })
  const flushes = [flush(), flush(), flush(), flush()]
  assert.deepEqual(asked, ['c', 'a', 'b', 'c'])
  finish[1]?.()
  await flushes[1]
  flushes.push(flush())
  assert.equal(asked.at(-1), 'a')
  for (const end of finish) end()
  await Promise.all(flushes)
  assert.equal(upstream.where, 'a, b, c')
})
