import assert from 'node:assert/strict'
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, type TestContext, it } from 'node:test'

import { readEvents } from '../../../src/event/entry-reader.js'
import { readLetters } from '../../../src/flush/dead-letter-folder.js'
import { DeadLetterStore } from '../../../src/flush/dead-letter-store.js'
import type { Letter } from '../../../src/flush/dead-letter.js'
import { eventsOf, type KeptLetter } from '../../../src/flush/kept-letter.js'
import { Mount } from '../../../src/log/disk/mount.js'
import { batchOf } from '../../support/batch.js'
import { FakeClock } from '../../support/fake-clock.js'
import { folderOf } from '../../support/folder.js'
import { LoopDisk } from '../../support/loop-disk.js'
import { RecordingLogger } from '../../support/plugin-context.js'

const letter: Letter = {
  output: 'http.0',
  destination: 'http://127.0.0.1/in',
  reason: 'refused',
  message: 'status 400',
  attempts: 2,
  events: batchOf([
    { tag: 'a', record: { n: 1 } },
    { tag: 'a', record: { n: 2 } },
    { tag: 'b', record: { n: 3 } },
  ]).chunks,
}

function opened(folder: string, limitBytes = 1024 * 1024, mount?: Mount) {
  const log = new RecordingLogger()
  return { log, store: new DeadLetterStore({ folder, limitBytes, mount }, new FakeClock(), log) }
}

async function read(folder: string, kind: 'letters' | 'replay' = 'letters') {
  const letters: KeptLetter[] = []
  let damaged = 0
  for await (const file of readLetters(folder, kind, () => true)) {
    letters.push(...file.letters)
    damaged += file.damaged
  }
  return { letters, damaged }
}

const first = (folder: string): string => join(folder, 'letters-00000001.jsonl')

function written(t: TestContext) {
  const folder = join(folderOf(t, {}), 'dead')
  return { folder, ...opened(folder) }
}

describe('the dead letter', () => {
  it('keeps the events with all that is known of them, across restarts', async (t) => {
    const { folder, store } = written(t)
    assert.equal(await store.write([letter]), true)
    assert.equal(await opened(folder).store.write([{ ...letter, destination: undefined, reason: 'retry_limit' }]), true)
    const [kept, second, third] = (await read(folder)).letters
    assert.ok(kept)
    const { id, entries, ...about } = kept
    assert.deepEqual(about, {
      time: '1970-01-01T00:00:00.000000000Z',
      output: 'http.0',
      destination: 'http://127.0.0.1/in',
      reason: 'refused',
      message: 'status 400',
      attempts: 2,
      tag: 'a',
      count: 2,
    })
    assert.match(id, /^[0-9a-f]{12}$/)
    assert.notEqual(id, second?.id)
    assert.ok(entries.length > 0)
    const events = [...readEvents(eventsOf(kept))]
    assert.deepEqual(
      events.map(({ record }) => record),
      [{ n: 1 }, { n: 2 }],
    )
    assert.deepEqual([second?.tag, third?.reason, third && 'destination' in third], ['b', 'retry_limit', false])
  })

  it('begins a line of its own behind half a letter, which readers leave out and count', async (t) => {
    const { folder, store } = written(t)
    await store.write([letter])
    const whole = readFileSync(first(folder))
    writeFileSync(first(folder), whole.subarray(0, -20))
    assert.equal((await read(folder)).damaged, 1)
    await store.write([letter])
    const { letters, damaged } = await read(folder)
    assert.deepEqual([letters.map(({ tag }) => tag), damaged], [['a', 'a', 'b'], 1])
  })

  it('can be read wherever its last line was torn, or a byte was changed', async (t) => {
    const { folder, store } = written(t)
    await store.write([letter])
    const whole = readFileSync(first(folder))
    const end = whole.indexOf('\n') + 1
    for (let size = end; size < whole.length - 1; size++) {
      writeFileSync(first(folder), whole.subarray(0, size))
      const { letters, damaged } = await read(folder)
      assert.deepEqual([letters.length, damaged], [1, size === end ? 0 : 1], `${size} bytes`)
    }
    for (const line of ['null', '[]', '7', '{"id":"x"}', '{', '', '\u0000\u0000']) {
      writeFileSync(first(folder), `${line}\n${whole.toString()}`)
      assert.equal((await read(folder)).letters.length, 2, line)
    }
  })

  it('never takes more than its limit: the oldest go, which the log tells and counts', async (t) => {
    const { folder } = written(t)
    const { store, log } = opened(folder, 8000)
    const sizeOf = (): number =>
      readdirSync(folder).reduce((sum, name) => sum + readFileSync(join(folder, name)).length, 0)
    for (let round = 0; round < 50; round++) {
      await store.write([{ ...letter, attempts: round }])
      assert.ok(sizeOf() <= 8000, `${sizeOf()} bytes`)
    }
    const { letters } = await read(folder)
    assert.equal(letters.at(-1)?.attempts, 49)
    const gone = log.lines.reduce((sum, { fields }) => sum + Number(fields?.['letters']), 0)
    assert.equal(gone + letters.length, 100)
    assert.match(
      log.lines[0]?.message ?? '',
      /the dead letter is full: its oldest \d+ events are gone; raise dead_letter_limit/,
    )
    assert.equal(log.lines[0]?.level, 'warn')
    assert.ok(sizeOf() > 6000, 'little goes at once')
  })

  it('keeps many letters of one flush in as many files as it takes', async (t) => {
    const { folder } = written(t)
    const { store } = opened(folder, 80_000)
    await store.write(Array.from({ length: 100 }, (_, attempts) => ({ ...letter, attempts })))
    const { letters } = await read(folder)
    assert.deepEqual(
      letters.filter(({ tag }) => tag === 'a').map(({ attempts }) => attempts),
      Array.from({ length: 100 }, (_, index) => index),
    )
    assert.ok(readdirSync(folder).length > 3)
  })

  it('rejects what cannot be written, and is tried again', async (t) => {
    const folder = join(folderOf(t, { dead: 'a file where a folder is wanted' }), 'dead')
    const { store } = opened(folder)
    await assert.rejects(store.write([letter]), { code: 'EEXIST' })
    rmSync(folder)
    assert.equal(await store.write([letter]), true)
    assert.equal((await read(folder)).letters.length, 2)
  })

  it('is not written in the place of a file system that is away', { skip: LoopDisk.missing }, async (t) => {
    const disk = LoopDisk.mounted(t)
    const folder = join(disk.path, 'dead')
    const { store } = opened(folder, undefined, new Mount(disk.path))
    await store.write([letter])
    disk.unmount()
    await assert.rejects(store.write([letter]), { code: 'LOG_NOT_MOUNTED' })
    assert.deepEqual(readdirSync(disk.path), [])
    disk.mount()
    assert.equal(await store.write([letter]), true)
    assert.equal((await read(folder)).letters.length, 4)
  })

  it('says which letters it never takes', async (t) => {
    const small = opened(join(folderOf(t, {}), 'dead'), 100)
    assert.equal(await small.store.write([letter]), false)
    assert.match(small.log.lines[0]?.message ?? '', /expected at most 100 bytes \(dead_letter_limit\), got \d+/)
  })

  it('drops the letters that fit, and no others', async (t) => {
    const { folder, store } = written(t)
    await store.write([letter, letter])
    assert.deepEqual(await store.drop(({ tag }) => tag === 'a'), { letters: 2, events: 4 })
    assert.deepEqual(
      (await read(folder)).letters.map(({ tag }) => tag),
      ['b', 'b'],
    )
    assert.deepEqual(await store.drop(() => true), { letters: 2, events: 2 })
    assert.deepEqual(readdirSync(folder), [])
    assert.deepEqual(await store.drop(() => true), { letters: 0, events: 0 })
  })

  it('moves letters that are to be replayed to files of their own', async (t) => {
    const { folder, store } = written(t)
    await store.write([letter])
    assert.deepEqual(await store.moveToReplay(({ tag }) => tag === 'b'), { letters: 1, events: 1 })
    assert.deepEqual(await store.moveToReplay(() => true), { letters: 1, events: 2 })
    assert.deepEqual(readdirSync(folder).sort(), ['replay-00000001.jsonl', 'replay-00000002.jsonl'])
    assert.deepEqual(
      (await read(folder, 'replay')).letters.map(({ tag }) => tag),
      ['b', 'a'],
    )
    await store.write([letter])
    assert.equal((await read(folder)).letters.length, 2)
  })

  it('lets nothing get lost between letters that come and letters that are taken out', async (t) => {
    const { folder, store } = written(t)
    const writes = Array.from({ length: 30 }, (_, attempts) => store.write([{ ...letter, attempts }]))
    const drops = [3, 7, 20].map((attempts) => store.drop((kept) => kept.attempts === attempts))
    await Promise.all([...writes, ...drops])
    assert.equal((await read(folder)).letters.length, 54)
  })

  it('keeps damaged lines where letters beside them are taken out', async (t) => {
    const { folder, store } = written(t)
    await store.write([letter])
    writeFileSync(first(folder), `damaged\n${readFileSync(first(folder), 'utf8')}`)
    await store.drop(({ tag }) => tag === 'a')
    assert.match(readFileSync(first(folder), 'utf8'), /^damaged\n\{.*"tag":"b".*\n$/)
  })

  it('is only for those who may read events', async (t) => {
    const { folder, store } = written(t)
    await store.write([letter])
    assert.equal(statSync(first(folder)).mode & 0o007, 0)
  })
})
