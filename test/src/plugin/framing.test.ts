import assert from 'node:assert/strict'
import { test } from 'node:test'
import { framerOf } from '../../../src/plugin/index.js'
import { bytesOf, cut, type FramingCase as Case } from '../../support/framing.js'

const cases: readonly Case[] = [
  { name: 'lines end with a newline', framing: 'lines', stream: 'one\ntwo\n', frames: ['one', 'two'] },
  {
    name: 'one carriage return before a newline is not part of the line',
    framing: 'lines',
    stream: 'a\r\nb\r\r\nc\rd\n',
    frames: ['a', 'b\r', 'c\rd'],
  },
  { name: 'empty lines are frames', framing: 'lines', stream: '\n\r\nx\n\n', frames: ['', '', 'x', ''] },
  {
    name: 'what follows the last newline is the last frame',
    framing: 'lines',
    stream: 'one\ntw',
    frames: ['one', 'tw'],
  },
  {
    name: 'a carriage return at the end of the stream is stripped too',
    framing: 'lines',
    stream: 'one\ntw\r',
    frames: ['one', 'tw'],
  },
  { name: 'a whole stream is one frame', framing: 'whole', stream: 'one\n\ntwo', frames: ['one\n\ntwo'] },
  { name: 'text outside ASCII is not cut', framing: 'lines', stream: 'für\n日本\n', frames: ['für', '日本'] },
  {
    name: 'bytes that are no text pass',
    framing: 'lines',
    stream: Uint8Array.of(0xff, 0x00, 0x0a, 0xfe),
    frames: [Uint8Array.of(0xff, 0x00), Uint8Array.of(0xfe)],
  },
  {
    name: 'a delimiter of several bytes may lie across pushes',
    framing: 'lines',
    delimiter: '<|>',
    stream: 'a<|>b<|<|>\r<|>',
    frames: ['a', 'b<|', '\r'],
  },
  {
    name: 'a zero byte may be the delimiter',
    framing: 'lines',
    delimiter: '\0',
    stream: 'a\nb\0c\0',
    frames: ['a\nb', 'c'],
  },
  {
    name: 'a line of just the limit passes',
    framing: 'lines',
    maxFrame: 4,
    stream: 'abcd\nab\n',
    frames: ['abcd', 'ab'],
  },
  {
    name: 'longer lines are dropped whole, and the next one is read',
    framing: 'lines',
    maxFrame: 4,
    stream: 'abcdefgh\nab\nabcde\ncd\n',
    frames: ['ab', 'cd'],
    oversize: [8, 5],
  },
  {
    name: 'a longer line at the end of the stream is dropped',
    framing: 'lines',
    maxFrame: 4,
    stream: 'ab\nabcdefgh',
    frames: ['ab'],
    oversize: [8],
  },
  {
    name: 'a longer frame ends at a delimiter of several bytes',
    framing: 'lines',
    maxFrame: 3,
    delimiter: '\r\n',
    stream: 'abc\r\nabcd\r\nx\r\n',
    frames: ['abc', 'x'],
    oversize: [4],
  },
  {
    name: 'json values stand side by side',
    framing: 'json',
    stream: '{"a":1}{"b":[2,{"c":3}]}[1]',
    frames: ['{"a":1}', '{"b":[2,{"c":3}]}', '[1]'],
  },
  {
    name: 'white space between json values is dropped',
    framing: 'json',
    stream: ' \n{ "a" : 1 }\r\n\t [2]  \n',
    frames: ['{ "a" : 1 }', '[2]'],
  },
  {
    name: 'brackets, quotes and backslashes inside json text do not count',
    framing: 'json',
    stream: String.raw`{"a":"}{]\"\\"}{"\\\"":"["}`,
    frames: [String.raw`{"a":"}{]\"\\"}`, String.raw`{"\\\"":"["}`],
  },
  {
    name: 'json texts, numbers and words are values',
    framing: 'json',
    stream: '"a b"12 true"x"-1.5e3{} null',
    frames: ['"a b"', '12', 'true', '"x"', '-1.5e3', '{}', 'null'],
  },
  {
    name: 'json may be spread over lines',
    framing: 'json',
    stream: '{\n  "a": [\n    1\n  ]\n}\n{\n}\n',
    frames: ['{\n  "a": [\n    1\n  ]\n}', '{\n}'],
  },
  {
    name: 'a stray quote costs one line',
    framing: 'json',
    stream: '"broken\n{"a":1}\n{"b":"x\\\n{"c":3}',
    frames: ['"broken\n', '{"a":1}', '{"b":"x\\\n', '{"c":3}'],
  },
  {
    name: 'noise between json values is a frame of its own',
    framing: 'json',
    stream: '}],noise{"a":1}',
    frames: ['}],noise', '{"a":1}'],
  },
  {
    name: 'a json value that the stream cuts is the last frame',
    framing: 'json',
    stream: '{"a":1}{"b":',
    frames: ['{"a":1}', '{"b":'],
  },
  {
    name: 'a json value over the limit is dropped whole',
    framing: 'json',
    maxFrame: 8,
    stream: '{"a":[1,{"b":2}]}{"c":1}',
    frames: ['{"c":1}'],
    oversize: [17],
  },
  {
    name: 'an open bracket costs no more than the limit',
    framing: 'json',
    maxFrame: 20,
    stream: '{\n{"a":1}\n{"b":2}\n{"c":3}\n{"d":4}\n',
    frames: ['{"d":4}'],
    oversize: [26],
  },
  {
    name: 'msgpack values stand side by side',
    framing: 'msgpack',
    stream: Uint8Array.of(0x81, 0xa1, 0x61, 0x01, 0x92, 0x01, 0xc0, 0x05),
    frames: [Uint8Array.of(0x81, 0xa1, 0x61, 0x01), Uint8Array.of(0x92, 0x01, 0xc0), Uint8Array.of(0x05)],
  },
  {
    name: 'a msgpack value over the limit is stepped over',
    framing: 'msgpack',
    maxFrame: 4,
    stream: Uint8Array.of(0xa6, 1, 2, 3, 4, 5, 6, 0x81, 0xa1, 0x61, 0x01),
    frames: [Uint8Array.of(0x81, 0xa1, 0x61, 0x01)],
    oversize: [7],
  },
  {
    name: 'a msgpack value that the stream cuts is the last frame',
    framing: 'msgpack',
    stream: Uint8Array.of(0x01, 0xdc, 0x00),
    frames: [Uint8Array.of(0x01), Uint8Array.of(0xdc, 0x00)],
  },
  {
    name: 'a mark that msgpack never uses is a frame of its own',
    framing: 'msgpack',
    stream: Uint8Array.of(0xc1, 0x01),
    frames: [Uint8Array.of(0xc1), Uint8Array.of(0x01)],
  },
]

assert.ok(cases.length > 20)
for (const sample of cases) {
  const stream = bytesOf(sample.stream)
  const expected = {
    frames: sample.frames.map((frame) => bytesOf(frame).toString('hex')),
    oversize: [...(sample.oversize ?? [])],
  }

  test(`${sample.framing}: ${sample.name}`, () => {
    assert.deepEqual(cut(sample, [stream]), expected)
  })

  test(`${sample.framing}: ${sample.name}, wherever the stream is split`, () => {
    for (let at = 0; at <= stream.length; at++) {
      assert.deepEqual(cut(sample, [stream.subarray(0, at), stream.subarray(at)]), expected, `split at ${at}`)
    }
    const single = Array.from(stream, (byte) => Uint8Array.of(byte))
    assert.deepEqual(cut(sample, single), expected, 'byte by byte')
  })
}

test('a frame that never ends does not fill the memory', () => {
  const oversize: number[] = []
  const framer = framerOf('lines', { maxFrame: 100, onOversize: (bytes) => void oversize.push(bytes) })
  const piece = Buffer.alloc(1000, 'x')
  for (let pushed = 0; pushed < 1000; pushed++) {
    assert.deepEqual([...framer.push(piece)], [])
    assert.ok(framer.pending <= 100)
  }
  const frames = [...framer.push(Buffer.from('\nnext\n'))].map(String)
  assert.deepEqual(frames, ['next'])
  assert.deepEqual(oversize, [1_000_000])
})

test('a frame that lies whole in what was pushed is a view of it', () => {
  const framer = framerOf('lines', { maxFrame: 100, onOversize: () => assert.fail() })
  const pushed = Buffer.from('one\ntwo\n')
  const [first] = framer.push(pushed)
  assert.equal(first?.buffer, pushed.buffer)
})

test('what is unfinished does not change when the caller uses its buffer again', () => {
  const framer = framerOf('lines', { maxFrame: 100, onOversize: () => assert.fail() })
  const reused = Buffer.from('one\ntw')
  assert.deepEqual([...framer.push(reused)].map(String), ['one'])
  reused.fill('x')
  assert.deepEqual([...framer.push(Buffer.from('o\nthree'))].map(String), ['two'])
  assert.equal(framer.pending, 5)
})
