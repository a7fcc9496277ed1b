import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'

import { readEvents } from '../../../src/event/entry-reader.js'
import type { Letter } from '../../../src/flush/dead-letter.js'
import { DeadLetterFile } from '../../../src/flush/dead-letter-file.js'
import { batchOf } from '../../support/batch.js'
import { FakeClock } from '../../support/fake-clock.js'
import { RecordingLogger } from '../../support/plugin-context.js'

const root = mkdtempSync(join(tmpdir(), 'sluice-dead-'))
after(() => rmSync(root, { recursive: true }))

const letter: Letter = {
  output: 'http.0',
  reason: 'refused',
  message: 'status 400',
  attempts: 2,
  events: batchOf([
    { tag: 'a', record: { n: 1 } },
    { tag: 'a', record: { n: 2 } },
    { tag: 'b', record: { n: 3 } },
  ]).chunks,
}

function kept(folder: string, limitBytes = 1024 * 1024) {
  const log = new RecordingLogger()
  return { log, file: new DeadLetterFile({ folder: join(root, folder), limitBytes }, new FakeClock(), log) }
}

describe('the dead letter', () => {
  it('keeps the events with all that is known of them', async () => {
    const { file } = kept('events')
    assert.equal(await file.write([letter]), true)
    const lines = readFileSync(join(root, 'events', 'dead-letter.jsonl'), 'utf8')
      .trim()
      .split('\n')
    const [first, second] = lines.map((line) => JSON.parse(line) as Record<string, string>)
    const { entries = '', ...about } = first ?? {}
    assert.deepEqual(about, {
      time: '1970-01-01T00:00:00.000000000Z',
      output: 'http.0',
      reason: 'refused',
      message: 'status 400',
      attempts: 2,
      tag: 'a',
      count: 2,
    })
    const events = [...readEvents({ tag: 'a', count: 2, entries: Buffer.from(entries, 'base64') })]
    assert.deepEqual(
      events.map(({ record }) => record),
      [{ n: 1 }, { n: 2 }],
    )
    assert.equal(second?.['tag'], 'b')
  })

  it('begins a line of its own behind half a letter', async () => {
    const { file } = kept('torn')
    mkdirSync(join(root, 'torn'))
    writeFileSync(join(root, 'torn', 'dead-letter.jsonl'), '{"time":"2026')
    assert.equal(await file.write([letter]), true)
    const [, whole = ''] = readFileSync(join(root, 'torn', 'dead-letter.jsonl'), 'utf8').split('\n')
    assert.equal((JSON.parse(whole) as Letter).output, 'http.0')
  })

  it('never takes more than its limit', async () => {
    const { file } = kept('limited', 2000)
    for (let round = 0; round < 50; round++) await file.write([letter])
    const names = readdirSync(join(root, 'limited')).sort()
    assert.deepEqual(names, ['dead-letter.jsonl', 'dead-letter.jsonl.1'])
    const bytes = names.reduce((sum, name) => sum + readFileSync(join(root, 'limited', name)).length, 0)
    assert.ok(bytes < 2000 + 600, `${bytes} bytes`)
  })

  it('says when it cannot be written, and that the events were not kept', async () => {
    writeFileSync(join(root, 'blocked'), 'a file where a folder is wanted')
    const { file, log } = kept('blocked')
    assert.equal(await file.write([letter]), false)
    assert.match(log.lines[0]?.message ?? '', /dead letter not written/)
    assert.equal(await file.write([letter]), false, 'and goes on')
  })
})
