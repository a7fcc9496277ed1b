import assert from 'node:assert/strict'
import { isUtf8 } from 'node:buffer'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { EntryWriter } from '../../../src/event/entry-writer.js'
import { JsonEntries } from '../../../src/event/json-entries.js'
import { jsonRecords } from '../../../src/event/json-records.js'
import { readJson } from '../../../src/event/json-reader.js'
import { damaged, jsonRuns, jsonTexts, jsonValues } from '../../support/json-bodies.js'

const time = { seconds: 1_795_467_780, nanoseconds: 123_456_789 }
const writer = new EntryWriter(64)
const entries = new JsonEntries(writer)

interface Outcome {
  readonly entries?: string
  readonly count?: number
}

const refused: Outcome = {}

/** What is made of a body with an object for each event, which is what it must be without them. */
function byObjects(texts: readonly Uint8Array[]): Outcome {
  const reference = new EntryWriter()
  let count = 0
  try {
    for (const { record, time: own = time } of texts.flatMap((text) => jsonRecords(readJson(text)))) {
      reference.writeEvent(own.seconds, own.nanoseconds, record)
      count++
    }
  } catch {
    return refused
  }
  return { entries: Buffer.from(reference.peek()).toString('hex'), count }
}

function written(write: () => number): Outcome {
  writer.clear()
  writer.append(Buffer.from('before'))
  const { size } = writer
  try {
    const count = write()
    return { entries: Buffer.from(writer.peek().subarray(size)).toString('hex'), count }
  } catch (error) {
    assert.equal(writer.size, size, 'nothing of a refused body stays')
    assert.match((error as { code?: string }).code ?? String(error), /^EVENT_(NOT_JSON|NO_RECORD|TOO_DEEP)$/)
    return refused
  }
}

const fromText = (body: Uint8Array): Outcome => written(() => entries.writeText(body, time))
const fromLines = (body: Uint8Array): Outcome => written(() => entries.writeLines(body, time))

function assertSame(body: Uint8Array): void {
  assert.deepEqual(fromText(body), byObjects([body]))
}

const numRuns = Number(process.env['RUNS'] ?? 1000)

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
      { numRuns: numRuns / 20 },
    )
  })

  test('writes the same of records that are alike, and of those that differ a little', () => {
    fc.assert(
      fc.property(jsonRuns, (text) => assertSame(Buffer.from(text))),
      { numRuns },
    )
  })

  test('takes as a field what JSON.parse and UTF-8 take, and nothing else', () => {
    const bodies = damaged(jsonValues).map((value) => Buffer.concat([Buffer.from('{"a":'), value, Buffer.from('}')]))
    fc.assert(
      fc.property(bodies, (body) => assert.equal(fromText(body) !== refused, isUtf8(body) && parses(body))),
      { numRuns: numRuns * 2 },
    )
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
      fc.property(some, (body) => assert.deepEqual(fromLines(body), byObjects(linesOf(body)))),
      { numRuns: numRuns * 2 },
    )
  })

  test('writes the same of wide maps, and of lists of more than 15 values', () => {
    for (const size of [15, 16, 300, 2000, 70_000]) {
      const fields = Array.from({ length: size }, (_none, index) => `"k${index}":${index}`)
      assertSame(Buffer.from(`{"a":{${fields.join(',')}},"b":[${fields.map(() => 1).join(',')}]}`))
      assertSame(Buffer.from(`{${[...fields, '"k7":"again"'].join(',')}}`))
    }
  })
})

function parses(body: Buffer): boolean {
  try {
    JSON.parse(body.toString())
    return true
  } catch {
    return false
  }
}

/** Lines that have more than blanks in them. */
function linesOf(body: Uint8Array): Uint8Array[] {
  const lines: Uint8Array[] = []
  for (let start = 0; start <= body.length;) {
    const end = body.indexOf(0x0a, start)
    const line = body.subarray(start, end < 0 ? body.length : end)
    if (line.some((byte) => byte > 0x20)) lines.push(line)
    start += line.length + 1
  }
  return lines
}
