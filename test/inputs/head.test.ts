import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { headInput } from '../../inputs/head/head-input.js'
import head from '../../inputs/head/index.js'
import { readHead } from '../../inputs/head/read-head.js'
import { FakeClock } from '../support/fake-clock.js'
import { RecordingInputContext } from '../support/input-context.js'
import { optionsOf } from '../support/options.js'
import { running } from '../support/running.js'
import { Tree } from '../support/tree.js'

async function recordsOf(
  t: TestContext,
  text: string,
  raw: object,
): Promise<[context: RecordingInputContext, path: string]> {
  const tree = new Tree(t, { value: text })
  const context = new RecordingInputContext()
  await running(t, headInput(optionsOf(head, { file: tree.path('value'), ...raw }), context))
  await context.received(1)
  return [context, tree.path('value')]
}

const layouts: [name: string, options: object, expected: object][] = [
  ['the whole of a short file, newline included', {}, { head: 'one\ntwo\nthree\n' }],
  ['a number of bytes', { buf_size: 5 }, { head: 'one\nt' }],
  ['a field of another name', { key: 'temp' }, { temp: 'one\ntwo\nthree\n' }],
  ['a number of lines, whatever the bytes', { lines: 2, buf_size: 1 }, { head: 'one\ntwo\n' }],
  ['fewer lines than asked for', { lines: 9 }, { head: 'one\ntwo\nthree\n' }],
  ['a field for each line', { lines: 2, split_line: true }, { line0: 'one', line1: 'two' }],
  [
    'empty fields for lines that are missing',
    { lines: 5, split_line: true },
    { line0: 'one', line1: 'two', line2: 'three', line3: '', line4: '' },
  ],
]

test('the beginning of the file is laid out as asked', async (t) => {
  assert.ok(layouts.length > 0)
  for (const [name, options, expected] of layouts) {
    await t.test(name, async (part) => {
      const [context] = await recordsOf(part, 'one\ntwo\nthree\n', options)
      assert.deepEqual(context.records, [expected])
    })
  }
})

test('lines that are split are ten where nobody says how many', async (t) => {
  const [context] = await recordsOf(t, 'x\n'.repeat(20), { split_line: true })
  assert.equal(Object.keys(context.records[0] ?? {}).length, 10)
})

test('the path is added where it is asked for', async (t) => {
  const [whole, path] = await recordsOf(t, '42\n', { add_path: true })
  assert.deepEqual(whole.records, [{ head: '42\n', path }])
  const [split, other] = await recordsOf(t, '42\n', { add_path: true, lines: 1, split_line: true })
  assert.deepEqual(split.records, [{ line0: '42', path: other }])
})

test('a character that the limit would cut is left out', async (t) => {
  const [context] = await recordsOf(t, 'año', { buf_size: 2 })
  assert.deepEqual(context.records, [{ head: 'a' }])
})

test('characters that lie across the pieces of a reading stay whole', async (t) => {
  const text = `${'ñ€😀x'.repeat(3000)}\n`
  const tree = new Tree(t, { value: `${text}more` })
  assert.equal(await readHead(tree.path('value'), { bytes: 1024 * 1024, lines: 1 }), text)
})

test('a line without an end does not fill the memory', async (t) => {
  const tree = new Tree(t, { value: 'x'.repeat(100_000) })
  assert.equal((await readHead(tree.path('value'), { bytes: 10_000, lines: 1 })).length, 10_000)
})

test('each interval reads the file anew', async (t) => {
  const tree = new Tree(t, { value: '1\n' })
  const clock = new FakeClock()
  const context = new RecordingInputContext(clock)
  await running(t, headInput(optionsOf(head, { file: tree.path('value'), interval: '2s' }), context))
  await context.received(1)
  tree.write('value', '2\n')
  await clock.advance(2000)
  await context.received(2)
  assert.deepEqual(context.records, [{ head: '1\n' }, { head: '2\n' }])
})

test('a missing file is counted and told, and read once it is there', async (t) => {
  const tree = new Tree(t)
  const clock = new FakeClock()
  const context = new RecordingInputContext(clock)
  await running(t, headInput(optionsOf(head, { file: tree.path('value') }), context))
  await context.until(() => context.counted['unreadable'] === 1)
  assert.equal(context.events.length, 0)
  tree.write('value', 'there\n')
  await clock.advance(1000)
  await context.received(1)
  assert.match(context.log.lines[0]?.message ?? '', /cannot be read.*ENOENT/)
})
