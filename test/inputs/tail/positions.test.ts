import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { AgentError } from '../../../src/plugin/errors.js'
import { Logs } from '../../support/tailing.js'

describe('the position of tail', () => {
  test('is kept across restarts once events are delivered, and only up to there', async (t) => {
    const logs = new Logs(t, { 'a.log': 'one\n' })
    const first = await logs.tail()
    await first.lines(1)
    first.ackAll()
    logs.append('a.log', 'two\n')
    await first.lines(2)
    await first.run.stop()
    logs.append('a.log', 'three\n')
    const second = await logs.tail({}, first.context.state)
    assert.deepEqual(await second.lines(2), ['two', 'three'])
  })

  test('waits for events that were read before', async (t) => {
    const logs = new Logs(t, { 'a.log': 'one\n' })
    const first = await logs.tail()
    for (let n = 2; n <= 3; n++) {
      await first.lines(n - 1)
      logs.append('a.log', `${n}\n`)
    }
    await first.lines(3)
    await first.run.stop()
    const [one, two, three] = first.context.acks
    three?.()
    two?.()
    const again = await logs.tail({}, first.context.state)
    assert.deepEqual(await again.lines(3), ['one', '2', '3'])
    await again.run.stop()
    one?.()
    logs.append('a.log', 'new\n')
    const last = await logs.tail({}, first.context.state)
    assert.deepEqual(await last.lines(1), ['new'])
  })

  test('stays when the agent ends before delivery, and moves when events were dropped', async (t) => {
    const outcomes: readonly (readonly [code: string, expected: readonly string[]])[] = [
      ['LOG_STOPPED', ['one', 'new']],
      ['LOG_DROPPED', ['new']],
      ['LOG_REFUSED', ['new']],
    ]
    for (const [code, expected] of outcomes) {
      const logs = new Logs(t, { 'a.log': 'one\n' })
      const first = await logs.tail()
      await first.lines(1)
      await first.run.stop()
      first.ackAll(new AgentError(code, 'a.log: not delivered'))
      logs.append('a.log', 'new\n')
      const second = await logs.tail({}, first.context.state)
      assert.deepEqual(await second.lines(expected.length), expected, code)
      await second.run.stop()
    }
  })

  test('is the beginning of files that appeared, or were written anew, while the agent was away', async (t) => {
    const logs = new Logs(t, { 'a.log': 'one\ntwo\n', 'b.log': 'one\n' })
    const first = await logs.tail({ read_from_head: false })
    await first.opened(2)
    await first.run.stop()
    logs.tree.write('a.log', 'three\nfour\nfive\n')
    logs.append('b.log', 'two\n')
    logs.append('c.log', 'six\n')
    const second = await logs.tail({ read_from_head: false }, first.context.state)
    assert.deepEqual((await second.lines(5)).sort(), ['five', 'four', 'six', 'three', 'two'])
  })

  test('of a file that was rotated while the agent was away is used to read its rest first', async (t) => {
    const logs = new Logs(t, { 'a.log': 'one\n' })
    const first = await logs.tail()
    await first.lines(1)
    first.ackAll()
    await first.run.stop()
    logs.append('a.log', 'two\n')
    logs.rename('a.log', 'a.log.1')
    logs.append('a.log', 'three\n')
    const second = await logs.tail({}, first.context.state)
    assert.deepEqual((await second.lines(2)).sort(), ['three', 'two'])
  })

  test('is kept while its folder is away', async (t) => {
    const logs = new Logs(t, { 'x/a.log': 'one\n' })
    const path = logs.path('x/*.log')
    const first = await logs.tail({ path })
    await first.lines(1)
    first.ackAll()
    await first.run.stop()
    logs.rename('x', 'y')
    const second = await logs.tail({ path }, first.context.state)
    logs.append('y/a.log', 'two\n')
    logs.rename('y', 'x')
    assert.deepEqual(await second.lines(1), ['two'])
  })

  test('skips no line that is too long and not yet at its end', async (t) => {
    const logs = new Logs(t, { 'a.log': `one\n${'x'.repeat(10_000)}` })
    const first = await logs.tail({ buffer_max_size: 64 })
    await first.lines(1)
    await first.context.until(() => first.context.dropped['line_too_long'] === 1)
    first.ackAll()
    await first.run.stop()
    logs.append('a.log', 'xxx\ntwo\n')
    const second = await logs.tail({ buffer_max_size: 64 }, first.context.state)
    assert.deepEqual(await second.lines(1), ['two'])
    assert.deepEqual(second.context.dropped, { line_too_long: 1 })
  })
})
