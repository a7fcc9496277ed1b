import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, symlinkSync, unlinkSync } from 'node:fs'
import { describe, test } from 'node:test'
import { peer } from '../../support/peers.js'
import { Logs, numbered, textOf } from '../../support/tailing.js'

const logrotate = peer('logrotate')

describe('a file of tail', () => {
  test('that is renamed is read to its end, then the one that took its name', async (t) => {
    const logs = new Logs(t, { 'a.log': 'one\n' })
    const tailing = await logs.tail()
    await tailing.lines(1)
    logs.append('a.log', 'two\n')
    logs.rename('a.log', 'a.log.1')
    logs.append('a.log.1', 'three\n')
    logs.append('a.log', 'four\n')
    assert.deepEqual(await tailing.lines(4), ['one', 'two', 'three', 'four'])
    logs.append('a.log', 'five\n')
    assert.deepEqual((await tailing.lines(5)).slice(4), ['five'])
  })

  test('that is renamed to another name that is read is not read twice', async (t) => {
    const logs = new Logs(t, { 'a.log': 'one\n' })
    const tailing = await logs.tail()
    await tailing.lines(1)
    logs.rename('a.log', 'b.log')
    logs.append('b.log', 'two\n')
    logs.append('a.log', 'three\n')
    assert.deepEqual((await tailing.lines(3)).sort(), ['one', 'three', 'two'])
    logs.append('b.log', 'four\n')
    await tailing.lines(4)
    assert.equal(tailing.context.events.length, 4)
  })

  test('that is gone is read for a while, its unfinished last line too, and then closed', async (t) => {
    const logs = new Logs(t, { 'a.log': 'one\n' })
    const tailing = await logs.tail({ rotate_wait: '100ms' })
    await tailing.lines(1)
    logs.append('a.log', 'no newline')
    unlinkSync(logs.path('a.log'))
    assert.deepEqual(await tailing.lines(2), ['one', 'no newline'])
    tailing.ackAll()
    assert.equal(tailing.context.state.get('files'), '[]')
  })

  test('that is truncated in place is read from its beginning', async (t) => {
    const logs = new Logs(t, { 'a.log': 'one\ntwo\n' })
    const tailing = await logs.tail()
    await tailing.lines(2)
    logs.truncate('a.log')
    await tailing.context.until(() => tailing.context.counted['truncated_files'] === 1)
    logs.append('a.log', 'three\n')
    assert.deepEqual(await tailing.lines(3), ['one', 'two', 'three'])
  })

  test('that is written anew and longer before anybody looked is read from its beginning', async (t) => {
    const logs = new Logs(t, { 'a.log': 'one\ntwo\n' })
    const tailing = await logs.tail()
    await tailing.lines(2)
    logs.tree.write('a.log', 'three\nfour\nfive\n')
    assert.deepEqual(await tailing.lines(5), ['one', 'two', 'three', 'four', 'five'])
    assert.equal(tailing.context.counted['truncated_files'], 1)
  })

  test('that two paths lead to is read once', async (t) => {
    const logs = new Logs(t, { 'a.log': 'one\n' })
    symlinkSync(logs.path('a.log'), logs.path('b.log'))
    const tailing = await logs.tail({ path: [logs.path('a.log'), logs.path('*.log')] })
    await tailing.lines(1)
    logs.append('a.log', 'two\n')
    assert.deepEqual(await tailing.lines(2), ['one', 'two'])
  })

  test('that is none is left alone', async (t) => {
    const logs = new Logs(t, { 'folder.log/x': '', 'a.log': 'one\n' })
    execFileSync('mkfifo', [logs.path('pipe.log')])
    const tailing = await logs.tail()
    assert.deepEqual(await tailing.lines(1), ['one'])
  })

  test('ends the run at its end when told so, its unfinished last line included', async (t) => {
    const logs = new Logs(t, { 'a.log': 'one\ntwo', 'b.log': 'three\n' })
    const tailing = await logs.tail({ exit_on_eof: true })
    assert.deepEqual((await tailing.lines(3)).sort(), ['one', 'three', 'two'])
    await tailing.run.stop()
  })

  test('that another program rotates loses no line', { skip: logrotate.skip }, async (t) => {
    for (const how of ['create', 'copytruncate']) {
      const logs = new Logs(t, { 'a.log': '' })
      const tailing = await logs.tail()
      await tailing.opened(1)
      const lines = numbered(0, 300)
      for (let from = 0; from < lines.length; from += 100) {
        logs.append('a.log', textOf(lines.slice(from, from + 100)))
        if (how === 'copytruncate') await tailing.lines(from + 100) // the copy is not read
        rotate(logs, how)
        if (how === 'create') await tailing.opened(from / 100 + 2)
      }
      logs.append('a.log', 'last\n')
      assert.deepEqual(await tailing.lines(301), [...lines, 'last'], how)
      assert.ok(existsSync(logs.path('a.log.3')), how)
    }
  })
})

function rotate(logs: Logs, how: string): void {
  logs.tree.write('rotate.conf', `"${logs.path('a.log')}" {\n  rotate 5\n  ${how}\n}\n`)
  const state = logs.path('rotate.state')
  execFileSync(logrotate.path, ['--force', '--state', state, logs.path('rotate.conf')], { stdio: 'pipe' })
}
