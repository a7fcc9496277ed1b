import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, symlinkSync, unlinkSync, utimesSync } from 'node:fs'
import { describe, test } from 'node:test'
import tail from '../../inputs/tail/index.js'
import { AgentError } from '../../src/plugin/errors.js'
import { RecordingInputContext } from '../support/input-context.js'
import { optionsOf } from '../support/options.js'
import { peer } from '../support/peers.js'
import { Logs } from '../support/tailing.js'

const logrotate = peer('logrotate')
const numbered = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_none, n) => `line ${from + n}`)
const textOf = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('')

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

describe('the lines of tail', () => {
  test('end with a newline, with or without a return, and may be empty', async (t) => {
    const logs = new Logs(t, { 'a.log': 'one\r\n\ntwo\r\r\n\r\nthree\n' })
    const tailing = await logs.tail()
    assert.deepEqual(await tailing.lines(5), ['one', '', 'two\r', '', 'three'])
  })

  test('may be empty and left out', async (t) => {
    const logs = new Logs(t, { 'a.log': 'one\n\n\r\ntwo\n' })
    const tailing = await logs.tail({ skip_empty_lines: true })
    assert.deepEqual(await tailing.lines(2), ['one', 'two'])
  })

  test('wait for their newline', async (t) => {
    const logs = new Logs(t, { 'a.log': 'one\ntw' })
    const tailing = await logs.tail()
    await tailing.lines(1)
    logs.append('a.log', 'o and ')
    logs.append('b.log', 'other\n')
    await tailing.lines(2)
    logs.append('a.log', 'a half\n')
    assert.deepEqual(await tailing.lines(3), ['one', 'other', 'two and a half'])
  })

  test('are whole wherever the blocks that they are read in end', async (t) => {
    const lines = Array.from({ length: 5000 }, (_none, n) => `${n} ${'€😀é'.repeat(n % 17)}`)
    const logs = new Logs(t, { 'a.log': textOf(lines) })
    const tailing = await logs.tail({ buffer_chunk_size: 4096, buffer_max_size: 1024 })
    assert.deepEqual(await tailing.lines(lines.length), lines)
  })

  test('have U+FFFD for what is no UTF-8, and only there', async (t) => {
    const logs = new Logs(t, { 'a.log': 'gut é\n' })
    logs.append('a.log', Buffer.from([0x62, 0xff, 0x63, 0x0a, 0xc3, 0x0a]))
    logs.append('a.log', '€\n')
    const tailing = await logs.tail()
    assert.deepEqual(await tailing.lines(4), ['gut é', 'b\ufffdc', '\ufffd', '€'])
  })

  const tooLong = 'x'.repeat(100_000)
  test('are left out and counted when they are too long, and the file is read on', async (t) => {
    const logs = new Logs(t, { 'a.log': `one\n${tooLong}\ntwo\n${'y'.repeat(65)}\n${'z'.repeat(64)}\r\n` })
    const tailing = await logs.tail({ buffer_chunk_size: 4096, buffer_max_size: 64 })
    assert.deepEqual(await tailing.lines(3), ['one', 'two', 'z'.repeat(64)])
    assert.deepEqual(tailing.context.dropped, { line_too_long: 2 })
    logs.append('a.log', tooLong)
    await tailing.context.until(() => tailing.context.dropped['line_too_long'] === 3)
    logs.append('a.log', `${tooLong}\nthree\n`)
    assert.deepEqual((await tailing.lines(4)).slice(3), ['three'])
    assert.deepEqual(tailing.context.dropped, { line_too_long: 3 })
  })

  test('are cut before a character when they are too long and their beginning is wanted', async (t) => {
    const logs = new Logs(t, { 'a.log': `${'é'.repeat(50)}\nx${'é'.repeat(50_000)}\nend\n` })
    const tailing = await logs.tail({ buffer_chunk_size: 4096, buffer_max_size: 64, truncate_long_lines: true })
    assert.deepEqual(await tailing.lines(3), ['é'.repeat(32), `x${'é'.repeat(31)}`, 'end'])
    assert.equal(tailing.context.counted['truncated_lines'], 2)
    assert.deepEqual(tailing.context.dropped, {})
  })

  test('carry their path and their place when asked', async (t) => {
    const logs = new Logs(t, { 'a.log': 'one\ntwo\n' })
    const tailing = await logs.tail({ key: 'text', path_key: 'file', offset_key: 'at' })
    await tailing.context.received(2)
    logs.append('a.log', 'three\n')
    await tailing.context.received(3)
    const file = logs.path('a.log')
    assert.deepEqual(tailing.context.records, [
      { file, at: 0, text: 'one' },
      { file, at: 4, text: 'two' },
      { file, at: 8, text: 'three' },
    ])
  })

  test('are parsed when a parser is named, and kept as they are when they do not parse', async (t) => {
    const logs = new Logs(t, { 'a.log': '{"a":1}\nnot json\n{"b":2}\n' })
    const tailing = await logs.tail({ parser: 'json', offset_key: 'at' })
    await tailing.context.received(3)
    assert.deepEqual(tailing.context.records, [
      { at: 0, a: 1 },
      { at: 8, log: 'not json' },
      { at: 17, b: 2 },
    ])
    assert.equal(tailing.context.counted['unparsed_lines'], 1)
  })

  test('have the path in their tag where the tag has a star', async (t) => {
    const logs = new Logs(t, { 'a.log': 'one\n' })
    const tailing = await logs.tail({ tag: 'app.*' })
    await tailing.context.received(1)
    assert.equal(tailing.context.events[0]?.tag, `app${logs.path('a.log').replaceAll('/', '.')}`)
  })

  test('have the time of reading', async (t) => {
    const logs = new Logs(t, { 'a.log': 'one\n' })
    const before = Date.now()
    const tailing = await logs.tail()
    await tailing.context.received(1)
    const seconds = tailing.context.events[0]?.time.seconds ?? 0
    assert.ok(seconds >= Math.floor(before / 1000) && seconds <= Date.now() / 1000)
  })
})

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
  assert.throws(() => create('/var/log/[z-a].log'), { code: 'TAIL_BAD_PATTERN' })
})

function rotate(logs: Logs, how: string): void {
  logs.tree.write('rotate.conf', `"${logs.path('a.log')}" {\n  rotate 5\n  ${how}\n}\n`)
  const state = logs.path('rotate.state')
  execFileSync(logrotate.path, ['--force', '--state', state, logs.path('rotate.conf')], { stdio: 'pipe' })
}
