import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { EntryWriter } from '../../../src/event/entry-writer.js'
import type { Parser } from '../../../src/plugin/context.js'
import { AgentError } from '../../../src/plugin/errors.js'
import { framerOf } from '../../../src/plugin/framing.js'
import { RecordStream, type RecordStreamSettings, type StreamFraming } from '../../../src/plugin/record-stream.js'
import { FakeClock } from '../../support/fake-clock.js'
import { RecordingInputContext } from '../../support/input-context.js'

/** `a,b` are two records; one of `!` is none, and comes to light after those before it. */
const words: Parser = {
  framing: 'lines',
  *parse(line) {
    for (const word of Buffer.from(line).toString().split(',')) {
      if (word === '!') throw new AgentError('TEST_WORD', 'expected a word')
      yield word === '1' ? { record: { word }, time: { seconds: 1, nanoseconds: 5 } } : { record: { word } }
    }
  },
}

function streamOf(settings: Partial<RecordStreamSettings> = {}) {
  const clock = new FakeClock()
  clock.setWall(7500)
  const context = new RecordingInputContext(clock)
  return { context, stream: new RecordStream({ tag: 't', parser: words, maxFrame: 20, ...settings }, context) }
}

const bytes = (text: string): Buffer => Buffer.from(text)
const wordsOf = ({ records }: RecordingInputContext): unknown[] => records.map(({ word }) => word)

describe('a stream of records', () => {
  it('emits in one piece what one push brought, and nothing where it brought nothing whole', () => {
    const { context, stream } = streamOf()
    stream.push(bytes('a'))
    stream.push(bytes(',b\nc\nd'))
    stream.push(bytes('e'))
    stream.end()
    assert.deepEqual(wordsOf(context), ['a', 'b', 'c', 'de'])
    assert.equal(context.acks.length, 2)
  })

  it('gives an event the time of its record, or else that of its reading', () => {
    const { context, stream } = streamOf()
    stream.push(bytes('0,1\n'))
    assert.deepEqual(
      context.events.map(({ time, tag }) => [tag, time.seconds, time.nanoseconds]),
      [
        ['t', 7, 500_000_000],
        ['t', 1, 5],
      ],
    )
  })

  it('drops a frame whole that cannot be parsed, and says why', () => {
    const { context, stream } = streamOf()
    stream.push(bytes('a\nb,c,!\nd\n!\n'))
    assert.deepEqual([wordsOf(context), context.dropped], [['a', 'd'], { invalid: 2 }])
    assert.deepEqual(context.log.lines[0]?.fields, { reason: 'expected a word' })
  })

  it('drops what is too long, and says how long', () => {
    const { context, stream } = streamOf()
    stream.push(bytes(`${'x'.repeat(30)}\nb\n`))
    assert.deepEqual([wordsOf(context), context.dropped], [['b'], { too_long: 1 }])
    assert.deepEqual(context.log.lines[0]?.fields, { bytes: 30, most: 20 })
  })

  it('drops what was unfinished when the stream broke off', () => {
    const { context, stream } = streamOf()
    stream.push(bytes('a\nb'))
    stream.breakOff()
    assert.deepEqual([wordsOf(context), context.dropped], [['a'], { cut_off: 1 }])
    const whole = streamOf()
    whole.stream.push(bytes('a\n'))
    whole.stream.breakOff()
    assert.deepEqual(whole.context.dropped, {})
  })

  it('takes a datagram as a whole, and begins anew with the next', () => {
    const { context, stream } = streamOf({ delimiter: ';' })
    stream.whole(bytes('a;b'), { from: 'me' })
    stream.whole(bytes('c'))
    assert.deepEqual(context.records, [{ word: 'a', from: 'me' }, { word: 'b', from: 'me' }, { word: 'c' }])
  })

  it('answers whether there is room', () => {
    const { context, stream } = streamOf()
    assert.equal(stream.push(bytes('a\n')), true)
    context.hasRoom = false
    assert.equal(stream.push(bytes('b')), true)
    assert.equal(stream.push(bytes('\n')), false)
    stream.push(bytes('c'))
    assert.equal(stream.end(), false)
  })

  it('ends what is unfinished when nothing comes for as long as its framing says, and not before', async () => {
    const clock = new FakeClock()
    const context = new RecordingInputContext(clock)
    const framing: StreamFraming = { maxFrame: 20, idleMs: 50, framer: (options) => framerOf('lines', options) }
    const stream = new RecordStream({ tag: 't', parser: words, maxFrame: 5, framing }, context)
    stream.push(bytes('a'), { from: 'me' })
    await clock.advance(49)
    stream.push(bytes('b'), { from: 'me' })
    await clock.advance(49)
    assert.deepEqual(context.records, [])
    await clock.advance(1)
    assert.deepEqual(context.records, [{ word: 'ab', from: 'me' }])
    stream.push(bytes('c\n'))
    assert.equal(clock.waiting, 0, 'nothing is unfinished')
    stream.push(bytes('d'))
    stream.breakOff()
    await clock.advance(1000)
    assert.deepEqual([wordsOf(context), context.dropped, clock.waiting], [['ab', 'c'], { cut_off: 1 }, 0])
  })

  it('may share its writer with others of the same input', () => {
    const writer = new EntryWriter()
    const one = streamOf({ writer })
    const other = streamOf({ writer })
    one.stream.push(bytes('a\n!\n'))
    other.stream.push(bytes('b\n'))
    one.stream.push(bytes('c\n'))
    assert.deepEqual([wordsOf(one.context), wordsOf(other.context)], [['a', 'c'], ['b']])
  })
})
