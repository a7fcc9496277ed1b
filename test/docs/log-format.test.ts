import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { crc32 } from 'node:zlib'
import { checkCheckpoint } from '../../src/log/check-checkpoint.js'
import { withSum } from '../../src/log/checkpoint-text.js'
import { frameKind, largestFrameBytes } from '../../src/log/disk/frame.js'
import { readSummary, segmentName, type Summary, summaryFrame } from '../../src/log/disk/segment-format.js'
import { entryOf } from '../support/entries.js'
import { frameOf, segmentOf, testBoot } from '../support/segment.js'
import { root } from '../support/source-tree.js'

const page = readFileSync(join(root, 'docs/log-format.md'), 'utf8')
const chunk = { sequence: 5, count: 2, tag: 'a.b', input: 'in.0', output: '' }
const entries = Buffer.concat([0, 1].map((n) => entryOf({ n }, 1_700_000_005, n)))

/** The rows of the table behind a marker, without its head. */
function table(marker: string): readonly (readonly string[])[] {
  const [, text = ''] = new RegExp(`<!-- ${marker} -->\\n((?:\\|.*\\n)+)`).exec(page) ?? []
  const rows = text.trimEnd().split('\n').slice(2)
  assert.ok(rows.length > 3, marker)
  return rows.map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  )
}

/** The text of the block behind a marker. */
function block(marker: string): string {
  return new RegExp(`<!-- ${marker} -->\\n\`\`\`\\w+\\n(.+?)\`\`\``, 's').exec(page)?.[1] ?? assert.fail(marker)
}

type Values = { readonly [field: string]: number | string | Buffer }

/** Bytes laid out as a table has it. A checksum is of all that stands before it. */
function laidOut(marker: string, values: Values): Buffer {
  let bytes = Buffer.alloc(0)
  for (const [at, size, field = ''] of table(marker)) {
    assert.equal(Number(at), bytes.length, `${marker}: ${field} follows what is before it`)
    const value = values[field] ?? assert.fail(`${marker}: ${field}`)
    bytes = Buffer.concat([bytes, value === 'sum' ? encoded(crc32(bytes), 4) : encoded(value, Number(size))])
  }
  return bytes
}

function encoded(value: number | string | Buffer, size: number): Buffer {
  if (typeof value !== 'number') return Buffer.concat([Buffer.from(value)], size)
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64BE(BigInt(value))
  return bytes.subarray(8 - size)
}

function frameByThePage(body: Buffer, fields: Values): Buffer {
  const none = { time: 0, uptime: 0, boot: Buffer.alloc(16), count: 0, tag_bytes: 0, input_bytes: 0, output_bytes: 0 }
  const size = 68 + body.length
  const head = laidOut('frame head', {
    ...none,
    ...fields,
    mark: 'SLF1',
    size,
    body_sum: crc32(body),
    head_sum: 'sum',
  })
  return Buffer.concat([head, body])
}

function chunkByThePage(): Buffer {
  const parts: { readonly [part: string]: Buffer } = {
    tag: Buffer.from(chunk.tag),
    input: Buffer.from(chunk.input),
    output: Buffer.from(chunk.output),
    entries,
  }
  const body = Buffer.concat(table('body').map(([part = '']) => parts[part] ?? assert.fail(part)))
  return frameByThePage(body, {
    sequence: 5,
    time: 1_700_000_005_000,
    uptime: 10_000,
    boot: Buffer.from(testBoot, 'hex'),
    count: 2,
    tag_bytes: 3,
    input_bytes: 4,
    output_bytes: 0,
    kind: frameKind.events,
  })
}

const headByThePage = (): Buffer =>
  laidOut('segment head', { mark: 'SLUICELG', version: 1, run: 'run123456789', first: 5, sum: 'sum' })

test('a frame that is built from the page is the one that the agent writes', () => {
  assert.deepEqual(chunkByThePage(), frameOf({ ...chunk, entries }))
})

test('a segment that is built from the page is the one that the agent writes, with its summary', () => {
  const summary = JSON.parse(block('summary')) as Summary
  const text = Buffer.from(JSON.stringify(summary))
  const length = encoded(68 + text.length + 4, 4)
  const frame = frameByThePage(Buffer.concat([text, length]), { sequence: summary.last, kind: frameKind.summary })
  assert.deepEqual(frame, summaryFrame(summary))
  assert.deepEqual(readSummary(frame.subarray(68)), summary)
  assert.deepEqual(Buffer.concat([headByThePage(), chunkByThePage(), frame]), segmentOf([{ ...chunk, entries }]))
})

test('the example is what the agent writes', () => {
  const bytes = segmentOf([{ ...chunk, entries }], { closed: false })
  const lines = block('example').trimEnd().split('\n')
  assert.equal(lines.map((line) => line.slice(4, 52).replaceAll(' ', '')).join(''), bytes.toString('hex'))
  for (const [index, line] of lines.entries()) assert.equal(Number.parseInt(line.slice(0, 2), 16), index * 16)
})

test('the checkpoint of the page is a good one, and names and limits are as the page has them', () => {
  assert.deepEqual(checkCheckpoint(withSum(JSON.stringify(JSON.parse(block('checkpoint'))))), [])
  assert.ok(page.includes(segmentName(500)))
  assert.equal(largestFrameBytes, 2 ** 30)
})
