import assert from 'node:assert/strict'
import { utimesSync } from 'node:fs'
import { describe, test } from 'node:test'
import tail from '../../inputs/tail/index.js'
import { systemClock } from '../../src/base/clock.js'
import { settle } from '../support/fake-clock.js'
import { RecordingInputContext } from '../support/input-context.js'
import { optionsOf } from '../support/options.js'
import { Logs, numbered, textOf } from '../support/tailing.js'

describe('tail', () => {
  test('reads what is there and what is appended, in order', async (t) => {
    const logs = new Logs(t, { 'a.log': 'one\ntwo\n' })
    const tailing = await logs.tail()
    assert.deepEqual(await tailing.lines(2), ['one', 'two'])
    logs.append('a.log', 'three\n')
    assert.deepEqual(await tailing.lines(3), ['one', 'two', 'three'])
  })

  test('begins at the end of files that are there at the first start, unless told otherwise', async (t) => {
    const logs = new Logs(t, { 'a.log': 'old\n' })
    const tailing = await logs.tail({ read_from_head: false })
    await tailing.opened(1)
    logs.append('a.log', 'new\n')
    assert.deepEqual(await tailing.lines(1), ['new'])
  })

  test('reads files that appear later from their beginning', async (t) => {
    const logs = new Logs(t, { 'a.log': 'old\n' })
    const tailing = await logs.tail({ read_from_head: false })
    await tailing.opened(1)
    logs.append('b.log', 'first\nsecond\n')
    assert.deepEqual(await tailing.lines(2), ['first', 'second'])
  })

  test('is notified of lines and files, however long the intervals', async (t) => {
    const logs = new Logs(t, { 'a.log': 'one\n' })
    const tailing = await logs.tail({ watcher_interval: '1h', refresh_interval: '1h' })
    await tailing.lines(1)
    logs.append('a.log', 'two\n')
    await tailing.lines(2)
    logs.append('b.log', 'three\n')
    assert.deepEqual(await tailing.lines(3), ['one', 'two', 'three'])
  })

  test('takes the lines of a busy writer together, not one by one', async (t) => {
    const logs = new Logs(t, { 'a.log': 'first\n' })
    const tailing = await logs.tail({ watcher_interval: '1h', refresh_interval: '1h' })
    await tailing.lines(1)
    const startedAt = systemClock.monotonic()
    for (let written = 1; tailing.context.events.length < 1000; written++) {
      logs.append('a.log', `line ${written}\n`)
      await settle()
    }
    const most = (systemClock.monotonic() - startedAt) / 10 + 3
    assert.ok(tailing.context.acks.length <= most, `${tailing.context.acks.length} readings, expected ${most} at most`)
  })

  test('finds lines and files without being notified', async (t) => {
    const logs = new Logs(t, { 'a.log': 'one\n' })
    const tailing = await logs.tail({ inotify_watcher: false })
    await tailing.lines(1)
    logs.append('a.log', 'two\n')
    await tailing.lines(2)
    logs.append('b.log', 'three\n')
    assert.deepEqual(await tailing.lines(3), ['one', 'two', 'three'])
  })

  test('finds files in folders that appear later', async (t) => {
    const logs = new Logs(t)
    const tailing = await logs.tail({ path: logs.path('*/app.log') })
    logs.tree.write('x/app.log', 'one\n')
    assert.deepEqual(await tailing.lines(1), ['one'])
  })

  test('is notified of folders that are made, renamed and made again, however long the intervals', async (t) => {
    const logs = new Logs(t)
    const path = logs.path('x/y/*.log')
    const tailing = await logs.tail({ path, watcher_interval: '1h', refresh_interval: '1h', rotate_wait: '1h' })
    logs.tree.write('x/y/a.log', 'one\n')
    await tailing.lines(1)
    logs.rename('x/y', 'x/old')
    logs.tree.write('x/y/a.log', 'two\n')
    await tailing.lines(2)
    logs.tree.remove('x/y')
    logs.tree.write('x/y/a.log', 'three\n')
    assert.deepEqual(await tailing.lines(3), ['one', 'two', 'three'])
    logs.append('x/y/a.log', 'four\n')
    assert.deepEqual((await tailing.lines(4)).slice(3), ['four'])
  })

  test('reads many files side by side', async (t) => {
    const files = Array.from({ length: 60 }, (_none, n): [string, string] => [`${n}.log`, `file ${n}\n`])
    const logs = new Logs(t, Object.fromEntries(files))
    const tailing = await logs.tail()
    await tailing.lines(60)
    for (const [path] of files) logs.append(path, `more of ${path}\n`)
    const expected = files.flatMap(([path, text]) => [text.trim(), `more of ${path}`])
    assert.deepEqual((await tailing.lines(120)).sort(), expected.sort())
  })

  test('leaves excluded files out', async (t) => {
    const logs = new Logs(t, { 'a.log': 'a\n', 'b.log': 'b\n', 'c.log': 'c\n' })
    const tailing = await logs.tail({ exclude_path: '*/a.log, *b.log' })
    assert.deepEqual(await tailing.lines(1), ['c'])
    logs.append('a.log', 'a\n')
    logs.append('c.log', 'd\n')
    assert.deepEqual(await tailing.lines(2), ['c', 'd'])
  })

  test('leaves files out that were not written to for long, until they are', async (t) => {
    const logs = new Logs(t, { 'a.log': 'ancient\n', 'b.log': 'b\n' })
    utimesSync(logs.path('a.log'), 1000, 1000)
    const tailing = await logs.tail({ read_from_head: false, ignore_older: '1h' })
    await tailing.opened(1)
    logs.append('a.log', 'new\n')
    assert.deepEqual(await tailing.lines(1), ['new'])
  })
})

test('tail reads no further than there is room', async (t) => {
  const lines = numbered(0, 2000)
  const logs = new Logs(t)
  const tailing = await logs.tail({ buffer_chunk_size: 4096, buffer_max_size: 64 })
  tailing.context.hasRoom = false
  logs.append('a.log', textOf(lines))
  await tailing.context.received(1)
  const before = tailing.context.events.length
  logs.append('b.log', 'other\n')
  assert.equal(tailing.context.acks.length, 1)
  assert.ok(before < lines.length)
  tailing.context.hasRoom = true
  assert.deepEqual(
    (await tailing.lines(2001)).filter((line) => line !== 'other'),
    lines,
  )
})

test('tail refuses to be told no path, or a pattern that is none', () => {
  const create = (path: unknown): unknown => tail.create(optionsOf(tail, { path }), new RecordingInputContext())
  assert.throws(() => create([]), { code: 'TAIL_NO_PATH' })
  assert.throws(() => create(' , '), { code: 'TAIL_NO_PATH' })
  assert.throws(() => create('/var/log/[z-a].log'), { code: 'FILES_BAD_PATTERN' })
})
