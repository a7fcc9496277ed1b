import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Logs, textOf } from '../../support/tailing.js'

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

  test('have a parser for each file, as each may have a header of its own', async (t) => {
    const logs = new Logs(t, { 'a.log': 'door\nnorth\n', 'b.log': 'meter,value\nm1,7\n' })
    const { context } = await logs.tail({ parser: 'csv' })
    await context.received(2)
    logs.append('a.log', 'south\n')
    await context.received(3)
    assert.deepEqual(context.records, [{ door: 'north' }, { meter: 'm1', value: '7' }, { door: 'south' }])
    assert.equal(context.counted['unparsed_lines'], undefined)
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
