import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { copyFileSync, existsSync, statSync, symlinkSync, unlinkSync, utimesSync } from 'node:fs'
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

  test('that is rotated many times before anybody looks loses no line, and keeps their order', async (t) => {
    const names: { [how: string]: (rotation: number) => string } = {
      'a.log.N': () => 'a.log.1',
      'a.log-DATE': (rotation) => `a.log-2026112${rotation}`,
      'a-DATE.log': (rotation) => `a-2026-11-2${rotation}.log`,
    }
    for (const [how, nameOf] of Object.entries(names)) {
      const logs = new Logs(t, { 'a.log': 'line 0\n' })
      const tailing = await logs.tail({ path: logs.path('a.log') })
      await tailing.lines(1)
      const [lines, startedAt] = [numbered(0, 501), statSync(logs.path('a.log')).mtimeMs / 1000 + 1]
      for (let rotation = 0; rotation < 5; rotation++) {
        shiftRotated(logs)
        logs.rename('a.log', nameOf(rotation))
        logs.append('a.log', textOf(lines.slice(rotation * 100 + 1, rotation * 100 + 101)))
        // A kernel's clock for files is coarse; no test is to wait for it.
        utimesSync(logs.path('a.log'), startedAt, startedAt + rotation)
      }
      assert.deepEqual(await tailing.lines(501), lines, how)
    }
  })

  test('that is rotated many times brings only what came since, and nothing that was copied or compressed', async (t) => {
    const logs = new Logs(t, { 'a.log.1': 'old\n', 'a.log.2': 'older\n', 'a.log': `${'x'.repeat(300)}\n` })
    for (const old of ['a.log.1', 'a.log.2']) utimesSync(logs.path(old), 1, 1)
    const tailing = await logs.tail({ path: logs.path('a.log') })
    await tailing.lines(1)
    copyFileSync(logs.path('a.log'), logs.path('a.log.bak'))
    logs.rename('a.log', 'a.log.3')
    for (const other of ['a.log.4', 'a.log.gz', 'a.logs', 'b.log', 'a-b.log']) logs.append(other, `${other}\n`)
    logs.append('a.log', 'new\n')
    assert.deepEqual((await tailing.lines(3)).slice(1), ['a.log.4', 'new'])
    logs.append('a.log', 'last\n')
    assert.deepEqual((await tailing.lines(4)).slice(3), ['last'])
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
    assert.deepEqual(
      tailing.context.log.lines.filter(({ level }) => level === 'warn'),
      [],
    )
  })

  test('that is none is told once where its path was written as it is', async (t) => {
    const logs = new Logs(t, { 'folder/x': '', 'a.log': 'one\n' })
    execFileSync('mkfifo', [logs.path('pipe')])
    const paths = ['folder/', 'pipe', 'a.log', 'missing'].map((path) => logs.path(path))
    const tailing = await logs.tail({ path: paths, refresh_interval: '10ms' })
    for (const [count, line] of ['one', 'two', 'three'].entries()) {
      await tailing.lines(count + 1)
      logs.rename('a.log', `${line}.log`) // leads to one more search
      logs.append('a.log', 'more\n')
    }
    await tailing.lines(4)
    const told = tailing.context.log.lines.filter(({ level }) => level === 'warn').map(({ message }) => message)
    assert.deepEqual(told, [
      `path: expected a file, got a folder; write "${logs.path('folder/*')}" for the files in it`,
      'path: expected a file, got a pipe or a device',
    ])
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

function shiftRotated(logs: Logs): void {
  for (let number = 4; number > 0; number--) {
    if (existsSync(logs.path(`a.log.${number}`))) logs.rename(`a.log.${number}`, `a.log.${number + 1}`)
  }
}

function rotate(logs: Logs, how: string): void {
  logs.tree.write('rotate.conf', `"${logs.path('a.log')}" {\n  rotate 5\n  ${how}\n}\n`)
  const state = logs.path('rotate.state')
  execFileSync(logrotate.path, ['--force', '--state', state, logs.path('rotate.conf')], { stdio: 'pipe' })
}
