import assert from 'node:assert/strict'
import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { done } from '../../../src/cli/log/ask-agent.js'
import { FakeClock } from '../../support/fake-clock.js'
import { folderOf } from '../../support/folder.js'
import { startProcess } from '../../support/process.js'
import { letterOf, storeIn } from '../../support/dead-letters.js'

const program = fileURLToPath(new URL('../../support/lock-holder.js', import.meta.url))

/** A folder that a process holds which does nothing. */
async function held(t: TestContext) {
  const storage = folderOf(t, {})
  const folder = join(storage, 'dead')
  mkdirSync(folder)
  await storeIn(folder).store.write([letterOf([1, 2])])
  const holder = await startProcess(process.execPath, [program, storage], { ready: /ready/ })
  t.after(() => holder.stop('SIGKILL'))
  holder.stdin?.write('go\n')
  await holder.until(() => holder.stdout.includes('taken'), 'it holds the folder')
  return { storage, folder, holder }
}

/** The outcome, with as much time as it takes. */
async function outcomeOf<T>(clock: FakeClock, promise: Promise<T>): Promise<T | Error> {
  const settled = promise.catch((error: Error) => error)
  const pending = Symbol('pending')
  for (;;) {
    const outcome = await Promise.race([settled, Promise.resolve(pending)])
    if (typeof outcome !== 'symbol') return outcome
    await clock.advance(100)
  }
}

test('a process that does not answer is told of after a while, and nothing is left behind', async (t) => {
  const { storage, folder, holder } = await held(t)
  const clock = new FakeClock()
  const error = await outcomeOf(clock, done({ action: 'drop', filters: {} }, { storage, folder }, clock))
  assert.ok(error instanceof Error)
  assert.match(
    error.message,
    new RegExp(`expected an answer of process ${holder.pid}, .* within 30 s; is it an agent\\?`),
  )
  assert.ok(clock.monotonic() >= 30_000)
  assert.deepEqual(readdirSync(folder), ['letters-00000001.jsonl'])
})

test('when the process ends without an answer, the command does the work itself', async (t) => {
  const { storage, folder, holder } = await held(t)
  const clock = new FakeClock()
  const dropped = done({ action: 'drop', filters: {} }, { storage, folder }, clock)
  await clock.advance(1000)
  await holder.stop('SIGKILL')
  assert.deepEqual(await outcomeOf(clock, dropped), { count: { letters: 1, events: 2 }, byAgent: false })
  assert.deepEqual([readdirSync(folder), readdirSync(storage)], [[], ['dead']])
})
