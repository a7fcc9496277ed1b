import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import type { EventRecord } from '../../src/event/event.js'
import { createParser, type ParserOptions } from '../../src/parse/parser.js'
import {
  AgentError,
  type Codec,
  type EncodedEvents,
  framerOf,
  type Parsed,
  type Parser,
  PermanentError,
  type Refuse,
} from '../../src/plugin/index.js'
import { batchOf } from '../support/batch.js'
import { parserDefaults } from '../support/parser-options.js'

/** A codec and what is known of its format. */
export interface CodecUnderTest {
  /** Makes a codec for one stream. */
  readonly create: () => Codec
  /** A stream of at least two records, each in a frame of its own; where the framing is `whole` or `bytes`, of all that a frame may have. */
  readonly stream: string | Uint8Array
  /** The records of the stream. */
  readonly records: readonly EventRecord[]
  /** Frames that are not of this format; none where every frame is. */
  readonly garbage: readonly (string | Uint8Array)[]
  /** A frame that is longer than all in `stream`, delimiter included. */
  readonly oversize: string | Uint8Array
  /** What stands before any records, such as a header. */
  readonly head?: string
  /** Records that can be written, and how each reads once it was: itself, unless it says otherwise. */
  readonly written?: readonly (readonly [record: EventRecord, read?: EventRecord])[]
  /** Records that cannot be written. */
  readonly refused?: readonly EventRecord[]
  /** How to find the time that was written. */
  readonly times?: Partial<ParserOptions>
  /** How exactly the time is kept, in nanoseconds. */
  readonly precision?: number
}

const clock = { wall: () => 0 }

/** What inputs and outputs rely on, whatever the format. */
export function codecContract(name: string, under: CodecUnderTest): void {
  describe(`the codec contract of ${name}`, () => {
    readsStreams(under)
    refuses(under)
    if (under.written) writes(under, under.written)
    if (under.refused) leavesOut(under, under.refused)
  })
}

function readsStreams(under: CodecUnderTest): void {
  const stream = Buffer.from(under.stream)

  test('a stream gives its records', () => {
    assert.ok(under.records.length > (isWhole(under) ? 0 : 1))
    assert.deepEqual(read(under, [stream]), under.records)
  })

  test('a stream gives the same records wherever it is split', () => {
    for (let at = 0; at <= stream.length; at++) {
      assert.deepEqual(read(under, [stream.subarray(0, at), stream.subarray(at)]), under.records, `split at ${at}`)
    }
    const single = Array.from(stream, (byte) => Uint8Array.of(byte))
    assert.deepEqual(read(under, single), under.records, 'byte by byte')
  })

  test('empty frames have no records', () => {
    assert.deepEqual([...parsing(under)(new Uint8Array())], [])
  })

  test('a frame over the limit is dropped and reported, and the next ones are read', () => {
    const reported: number[] = []
    const records = read(under, [Buffer.concat([Buffer.from(under.oversize), stream])], (bytes) => reported.push(bytes))
    // What is read as a whole has no next ones.
    assert.deepEqual(records, isWhole(under) ? [] : under.records)
    assert.equal(reported.length, 1)
  })
}

function refuses(under: CodecUnderTest): void {
  test('frames of no such format are refused with an error that has a code', () => {
    for (const frame of under.garbage) {
      assert.throws(() => [...parsing(under)(Buffer.from(frame))], isAgentError, String(frame))
    }
  })

  test('whatever the bytes, a frame gives records or an error that has a code', () => {
    const bytes = fc.oneof(
      fc.uint8Array(),
      fc.string().map((text) => Buffer.from(text)),
      mutated(Buffer.from(under.stream)),
    )
    fc.assert(
      fc.property(bytes, (frame) => {
        const parse = parsing(under)
        try {
          for (const { record } of parse(frame)) assert.equal(typeof record, 'object')
        } catch (error) {
          assert.ok(isAgentError(error), String(error))
        }
      }),
    )
  })
}

function writes(under: CodecUnderTest, written: NonNullable<CodecUnderTest['written']>): void {
  const format = (chunks: readonly EncodedEvents[]): Uint8Array => {
    const { formatter } = under.create()
    assert.ok(formatter)
    assert.match(formatter.contentType, /^[a-z]+\/[a-z-]+/)
    return formatter.format(chunks)
  }
  const samples = written.map(([record], index) => ({
    tag: `tag.${index >> 1}`,
    seconds: 1_700_000_000 + index,
    record,
  }))

  test('what was written reads back, as a stream and as one body', () => {
    assert.ok(written.length > 1)
    const expected = written.map(([record, back = record]) => back)
    const bytes = format(batchOf(samples).chunks)
    assert.deepEqual(
      readAll(timed(under), bytes).map(({ record }) => record),
      expected,
      'stream',
    )
    assert.deepEqual([...timed(under).parse(bytes)].length > 0, true, 'body')
  })

  test('times are written, and read back as exactly as is stated', () => {
    const [first] = written
    assert.ok(first && under.precision !== undefined && under.times)
    const chunks = batchOf([{ seconds: 1_700_000_000, nanoseconds: 123_456_789, record: first[0] }]).chunks
    const [parsed] = readAll(timed(under), format(chunks))
    assert.equal(parsed?.time?.seconds, 1_700_000_000)
    assert.ok(Math.abs(parsed.time.nanoseconds - 123_456_789) <= under.precision, String(parsed.time.nanoseconds))
  })

  test('no events are written as something without records', () => {
    assert.deepEqual(readAll(timed(under), format([])), [])
  })
}

function leavesOut(under: CodecUnderTest, refused: readonly EventRecord[]): void {
  const [good = { event: 'good' }] = under.written?.[0] ?? []
  const recordsOf = (bad: readonly EventRecord[]): EventRecord[] => bad.flatMap((record) => [record, good])
  const formatted = (records: readonly EventRecord[], refuse?: Refuse): Uint8Array => {
    const { formatter } = under.create()
    assert.ok(formatter)
    const samples = records.map((record, index) => ({ tag: `tag.${index >> 1}`, seconds: 1_700_000_000, record }))
    return formatter.format(batchOf(samples).chunks, refuse)
  }

  test('an event that cannot be written is told by its index, and the others are written', () => {
    assert.ok(refused.length > 0)
    const told: number[] = []
    const bytes = formatted(recordsOf(refused), (index, reason) => {
      assert.match(reason, /^[^\n]{3,200}$/)
      told.push(index)
    })
    assert.deepEqual(
      told.toSorted((a, b) => a - b),
      refused.map((_, index) => 2 * index),
    )
    assert.equal(readAll(timed(under), bytes).length, readAll(timed(under), formatted(refused.map(() => good))).length)
  })

  test('where every event was refused there are no bytes', () => {
    assert.equal(formatted(refused, () => undefined).length, 0)
  })

  test('where nobody hears of it the batch cannot be written', () => {
    for (const record of refused) assert.throws(() => formatted([good, record]), PermanentError)
  })
}

function isWhole(under: CodecUnderTest): boolean {
  return ['whole', 'bytes'].includes(under.create().framing)
}

/** A codec that has read what comes before any records. */
function parsing(under: CodecUnderTest): (frame: Uint8Array) => Iterable<Parsed> {
  const codec = under.create()
  const parse = (frame: Uint8Array): Iterable<Parsed> => {
    const parsed = codec.parse?.(frame)
    assert.ok(parsed)
    return parsed
  }
  if (under.head !== undefined) assert.deepEqual([...parse(Buffer.from(under.head))], [])
  return parse
}

function timed(under: CodecUnderTest): Parser {
  return createParser(under.create(), { ...parserDefaults, skip_empty_values: false, ...under.times }, clock)
}

function readAll(parser: Parser, bytes: Uint8Array): Parsed[] {
  const framer = framerOf(parser.framing, { maxFrame: 10_000, onOversize: () => assert.fail() })
  const frames = [...framer.push(bytes)].map((frame) => new Uint8Array(frame))
  return [...frames, ...framer.end()].flatMap((frame) => [...parser.parse(frame)])
}

function read(
  under: CodecUnderTest,
  pieces: readonly Uint8Array[],
  onOversize: (bytes: number) => void = () => assert.fail('a frame was taken for too long'),
): EventRecord[] {
  const codec = under.create()
  const framer = framerOf(codec.framing, { maxFrame: Buffer.from(under.oversize).length - 3, onOversize })
  const records: EventRecord[] = []
  const take = (frames: Iterable<Uint8Array>): void => {
    for (const frame of frames) for (const { record } of codec.parse?.(frame) ?? []) records.push(record)
  }
  for (const piece of pieces) take(framer.push(piece))
  take(framer.end())
  return records
}

function mutated(stream: Buffer): fc.Arbitrary<Uint8Array> {
  const place = fc.nat(stream.length - 1)
  return fc.tuple(place, place, fc.integer({ min: 0, max: 255 })).map(([from, at, byte]) => {
    const copy = Buffer.from(stream)
    copy[at] = byte
    return copy.subarray(from)
  })
}

function isAgentError(error: unknown): boolean {
  return error instanceof AgentError && /^[A-Z]+_[A-Z_]+$/.test(error.code) && error.message !== ''
}
