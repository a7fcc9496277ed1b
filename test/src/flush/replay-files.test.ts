import assert from 'node:assert/strict'
import { appendFileSync, existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, type TestContext, it } from 'node:test'

import type { KeptLetter } from '../../../src/flush/kept-letter.js'
import { replayFiles } from '../../../src/flush/replay-files.js'
import { AgentError, PermanentError } from '../../../src/plugin/errors.js'
import { letterOf, lettersIn, recordsOf, storeIn } from '../../support/dead-letters.js'
import { settle } from '../../support/fake-clock.js'
import { folderOf } from '../../support/folder.js'

type Replay = (letter: KeptLetter) => Promise<void>

/** Letters `{ n: 0 }` to `{ n: count - 1 }` that are to be replayed, and what is handed back of them. */
async function replaying(t: TestContext, count: number) {
  const folder = join(folderOf(t, {}), 'dead')
  const { store, log } = storeIn(folder)
  await store.write(Array.from({ length: count }, (_, n) => letterOf([n])))
  await store.moveToReplay(() => true)
  const handed: KeptLetter[] = []
  const stop = new AbortController()
  const replay = (how: Replay = () => Promise.resolve()): Promise<boolean> => {
    const recorded: Replay = (letter) => {
      handed.push(letter)
      return how(letter)
    }
    return replayFiles({ folder, store, log, replay: recorded }, stop.signal)
  }
  const left = async (): Promise<number> => (await lettersIn(folder, 'replay')).letters.length
  return { folder, store, log, handed, stop, replay, left }
}

const numbers = (letters: readonly KeptLetter[]): number[] => recordsOf(letters).map(({ n }) => Number(n))

describe('letters that are replayed', () => {
  it('are handed back in order, and their file goes', async (t) => {
    const { folder, handed, replay, log } = await replaying(t, 150)
    assert.equal(await replay(), true)
    assert.deepEqual(
      numbers(handed),
      Array.from({ length: 150 }, (_, n) => n),
    )
    assert.deepEqual(readdirSync(folder), [])
    assert.match(log.lines[0]?.message ?? '', /64 events of the dead letter go out again/)
  })

  it('are handed back again when that failed, without those that are safe', async (t) => {
    const { handed, replay, left, log } = await replaying(t, 5)
    const failing: Replay = ({ entries }) =>
      numbers([{ ...(handed[0] as KeptLetter), entries }])[0] === 2
        ? Promise.reject(new AgentError('TEST_FULL', 'no room'))
        : Promise.resolve()
    assert.equal(await replay(failing), false)
    assert.equal(await left(), 1)
    assert.match(log.lines.at(-1)?.message ?? '', /1 events are replayed later: no room/)
    handed.splice(0)
    assert.equal(await replay(), true)
    assert.deepEqual(numbers(handed), [2])
  })

  it('stay where they are while the agent stops; those that are not known to be safe are repeated', async (t) => {
    const { handed, replay, left, stop } = await replaying(t, 3)
    let isFirst = true
    const hanging: Replay = () => {
      if (!isFirst) return new Promise(() => undefined)
      isFirst = false
      return Promise.resolve()
    }
    const running = replay(hanging)
    while (handed.length < 3) await settle()
    stop.abort(new AgentError('TEST_STOP', 'stopping'))
    assert.equal(await running, false)
    assert.equal(await left(), 2)
  })

  it('come back to the dead letter when no retry will ever help', async (t) => {
    const { folder, replay, log } = await replaying(t, 2)
    const before = (await lettersIn(folder, 'replay')).letters
    assert.equal(await replay(() => Promise.reject(new PermanentError('TEST_GONE', 'there is no such output'))), true)
    assert.deepEqual((await lettersIn(folder)).letters, before)
    assert.equal((await lettersIn(folder, 'replay')).letters.length, 0)
    assert.match(log.lines[0]?.message ?? '', /2 events stay in the dead letter: there is no such output/)
  })

  it('are found among damaged lines, of which the log tells', async (t) => {
    const { folder, handed, replay, log } = await replaying(t, 2)
    appendFileSync(join(folder, 'replay-00000001.jsonl'), '{"id":"half')
    assert.equal(await replay(), true)
    assert.deepEqual(numbers(handed), [0, 1])
    assert.ok(!existsSync(join(folder, 'replay-00000001.jsonl')))
    assert.ok(log.lines.some(({ level, message }) => level === 'warn' && /1 lines cannot be read/.test(message)))
  })

  it('may be more while others are replayed', async (t) => {
    const { folder, store, handed, replay } = await replaying(t, 2)
    const adding: Replay = async () => {
      if (handed.length > 1) return
      await store.write([letterOf([7])])
      await store.moveToReplay(() => true)
    }
    await replay(adding)
    assert.deepEqual(numbers((await lettersIn(folder, 'replay')).letters), [7])
    await replay()
    assert.deepEqual(numbers(handed), [0, 1, 7])
  })
})
