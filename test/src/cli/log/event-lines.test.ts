import assert from 'node:assert/strict'
import { test } from 'node:test'
import { EventLines, type Wanted } from '../../../../src/cli/log/event-lines.js'
import { entryOf } from '../../../support/entries.js'

const entries = Buffer.concat([
  entryOf({ text: 'say "hé"', deep: { list: [1, null, true] } }, 1_700_000_000, 1),
  entryOf({ big: 18_446_744_073_709_551_615n, low: -9_223_372_036_854_775_808n, f: 0.5 }, 1_700_000_000, 999_999_999),
  entryOf({ bytes: Uint8Array.from([1, 2, 3]) }, 1_700_000_001, 20),
])

const where = '"tag":"a.\\"b","input":"in.0"'
const lines = [
  `{"time":"2023-11-14T22:13:20.000000001Z",${where},"record":{"text":"say \\"hé\\"","deep":{"list":[1,null,true]}}}\n`,
  `{"time":"2023-11-14T22:13:20.999999999Z",${where},"record":{"big":18446744073709551615,"low":-9223372036854775808,"f":0.5}}\n`,
  `{"time":"2023-11-14T22:13:21.000000020Z",${where},"record":{"bytes":"AQID"}}\n`,
]

function written(wanted: Wanted): string {
  const writer = new EventLines(wanted)
  writer.add({ tag: 'a."b', input: 'in.0', entries })
  return Buffer.from(writer.take()).toString()
}

test('events are JSON lines with nanoseconds, whole integers and all that text needs', () => {
  assert.equal(written({}), lines.join(''))
  for (const line of lines) assert.doesNotThrow(() => void JSON.parse(line))
})

const wants: readonly (readonly [wanted: Wanted, shown: readonly number[]])[] = [
  [{ since: { seconds: 1_700_000_000, nanoseconds: 2 } }, [1, 2]],
  [{ since: { seconds: 1_700_000_000, nanoseconds: 999_999_999 } }, [1, 2]],
  [{ until: { seconds: 1_700_000_000, nanoseconds: 999_999_999 } }, [0]],
  [{ until: { seconds: 1_700_000_001, nanoseconds: 0 } }, [0, 1]],
  [{ limit: 2 }, [0, 1]],
  [{ since: { seconds: 1_700_000_000, nanoseconds: 2 }, limit: 1 }, [1]],
]

for (const [wanted, shown] of wants) {
  test(`${JSON.stringify(wanted)} shows ${shown.join(' and ')}`, () => {
    assert.equal(written(wanted), shown.map((index) => lines[index]).join(''))
  })
}

test('the limit is for all frames together', () => {
  const writer = new EventLines({ limit: 4 })
  writer.add({ tag: 'a."b', input: 'in.0', entries })
  assert.equal(writer.isFull, false)
  writer.add({ tag: 'a."b', input: 'in.0', entries })
  assert.equal(writer.isFull, true)
  assert.equal(Buffer.from(writer.take()).toString(), [...lines, lines[0]].join(''))
})

test('entries that are none are an error, and what stood before them stays', () => {
  const writer = new EventLines({})
  const cut = entries.subarray(0, entries.length - 2)
  assert.throws(() => writer.add({ tag: 'a."b', input: 'in.0', entries: cut }), { code: 'EVENT_CORRUPT' })
  assert.equal(Buffer.from(writer.take()).toString(), lines.slice(0, 2).join(''))
})

test('each line has the tag and the input of its own frame', () => {
  const writer = new EventLines({})
  const one = entryOf({}, 1, 0)
  for (const [tag, input] of [
    ['a', 'x'],
    ['a', 'y'],
    ['b', 'y'],
    ['a', 'x'],
  ] as const)
    writer.add({ tag, input, entries: one })
  const shown = Buffer.from(writer.take()).toString()
  assert.deepEqual(
    [...shown.matchAll(/"tag":"(.)","input":"(.)"/g)].map(([, tag, input]) => `${tag}${input}`),
    ['ax', 'ay', 'by', 'ax'],
  )
})
