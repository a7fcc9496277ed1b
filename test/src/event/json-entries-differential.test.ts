import assert from 'node:assert/strict'
import { isUtf8 } from 'node:buffer'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { EntryWriter } from '../../../src/event/entry-writer.js'
import { JsonEntries } from '../../../src/event/json-entries.js'
import { damaged, jsonRuns, jsonTexts, jsonValues } from '../../support/json-bodies.js'
import { byObjects, linesOf, type Outcome, refused, written } from '../../support/json-outcomes.js'

const time = { seconds: 1_795_467_780, nanoseconds: 123_456_789 }
const writer = new EntryWriter(64)
/** One for all bodies, so that what it learns of one is there for the next. */
const entries = new JsonEntries(writer)
const numRuns = 400

const fromText = (body: Uint8Array): Outcome => written(writer, () => entries.writeText(body, time))
const fromTexts = (body: Uint8Array): Outcome => written(writer, () => entries.writeTexts(body, time))
const fromLines = (body: Uint8Array): Outcome => written(writer, () => entries.writeLines(body, time))

function assertSame(body: Uint8Array): void {
  assert.deepEqual(fromText(body), byObjects([body], time))
}

describe('JsonEntries, beside an object for each event', () => {
  test('writes the same of texts with events in them', () => {
    fc.assert(
      fc.property(jsonTexts, (text) => assertSame(Buffer.from(text))),
      { numRuns },
    )
  })

  test('writes the same of texts that are damaged, or refuses them too', () => {
    fc.assert(fc.property(damaged(jsonTexts), assertSame), { numRuns: numRuns * 2 })
  })

  test('refuses the same when texts are cut anywhere', () => {
    fc.assert(
      fc.property(jsonTexts, (text) => {
        const bytes = Buffer.from(text)
        for (let end = 0; end < bytes.length; end++) assertSame(bytes.subarray(0, end))
      }),
      { numRuns: numRuns / 25 },
    )
  })

  test('writes the same of records that are alike, and of those that differ a little', () => {
    fc.assert(
      fc.property(jsonRuns, (text) => assertSame(Buffer.from(text))),
      { numRuns },
    )
  })

  test('writes the same of strings of every length, with an escape, other letters or nothing in them at any place', () => {
    for (let size = 0; size <= 40; size++) {
      for (const part of ['', '\\"', '\\u00e9', 'é', '\x7f', '\x1f', '"'])
        for (let at = 0; at <= size; at++) {
          const string = `"${'s'.repeat(at)}${part}${'s'.repeat(size - at)}"`
          assertSame(Buffer.from(`{"a":${string}}`))
        }
    }
    for (const size of [255, 256, 65_535, 65_536])
      for (const part of ['', '\\\\', 'é']) assertSame(Buffer.from(`[{"a":"${'s'.repeat(size)}${part}"},{"b":1}]`))
  })

  test('takes as a field what JSON.parse and UTF-8 take, and nothing else', () => {
    const bodies = damaged(jsonValues).map((value) => Buffer.concat([Buffer.from('{"a":'), value, Buffer.from('}')]))
    fc.assert(
      fc.property(bodies, (body) => assert.equal(fromText(body) !== refused, isUtf8(body) && parses(body))),
      { numRuns: numRuns * 2 },
    )
  })

  test('writes the same of texts one behind the other, or refuses them too', () => {
    const ends = fc.constantFrom('', '\n', ' \t\r\n', ',', 'x', ']')
    const bodies = fc.array(fc.tuple(jsonTexts, ends), { minLength: 1, maxLength: 5 })
    fc.assert(
      fc.property(bodies, (texts) => {
        const parts = texts.map((text) => text.join('').replace(/\s*$/, ''))
        const separate = byObjects(
          parts.map((part) => Buffer.from(part)),
          time,
        )
        assert.deepEqual(fromTexts(Buffer.from(texts.flat().join(''))), separate)
      }),
      { numRuns },
    )
    for (const nothing of ['', ' \n']) assert.deepEqual(fromTexts(Buffer.from(nothing)), refused)
  })

  test('writes the same of lines', () => {
    const ends = fc.constantFrom('\n', '\r\n', '\n\n', '\n \t\r\n')
    const lines = jsonTexts.map((text) => text.replaceAll('\n', ' '))
    const bodies = fc.array(fc.tuple(lines, ends), { maxLength: 5 }).map((each) => each.flat().join(''))
    const some = fc.oneof(
      bodies.map((body) => Buffer.from(body)),
      damaged(bodies),
    )
    fc.assert(
      fc.property(some, (body) => assert.deepEqual(fromLines(body), byObjects(linesOf(body), time))),
      { numRuns },
    )
  })

  for (const size of [15, 16, 300, 2000, 70_000]) {
    test(`writes the same of maps and lists of ${size} values`, () => {
      const fields = Array.from({ length: size }, (_none, index) => `"k${index}":${index}`)
      assertSame(Buffer.from(`{"a":{${fields.join(',')}},"b":[${fields.map(() => 1).join(',')}]}`))
      assertSame(Buffer.from(`{${[...fields, '"k7":"again"'].join(',')}}`))
    })
  }
})

function parses(body: Buffer): boolean {
  try {
    JSON.parse(body.toString())
    return true
  } catch {
    return false
  }
}
