import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, type TestContext, it } from 'node:test'

import { replaceFile } from '../../../src/base/durable-file.js'
import { DeadLetterDesk } from '../../../src/engine/dead-letter-desk.js'
import {
  answerFile,
  type LetterAnswer,
  type LetterRequest,
  requestFile,
} from '../../../src/engine/dead-letter-request.js'
import type { KeptLetter } from '../../../src/flush/kept-letter.js'
import { AgentError } from '../../../src/plugin/errors.js'
import { letterOf, lettersIn, recordsOf, storeIn } from '../../support/dead-letters.js'
import { settle } from '../../support/fake-clock.js'
import { folderOf } from '../../support/folder.js'
import { within } from '../../support/within.js'

function deskIn(t: TestContext, folder: string, how: (letter: KeptLetter) => Promise<void> = () => Promise.resolve()) {
  const { store, log, clock } = storeIn(folder)
  const handed: KeptLetter[] = []
  const replay = (letter: KeptLetter): Promise<void> => {
    handed.push(letter)
    return how(letter)
  }
  const desk = new DeadLetterDesk({ folder, store, log, clock, replay })
  t.after(() => desk.stop())
  return { desk, store, log, clock, handed }
}

/** Resolves as soon as it holds: what it waits for are files, which no clock moves. */
async function until(condition: () => boolean, what: string): Promise<void> {
  const loop = async (): Promise<void> => {
    while (!condition()) await settle()
  }
  await within(20_000, loop(), what)
}

async function ask(folder: string, request: LetterRequest | string): Promise<LetterAnswer> {
  await replaceFile(requestFile(folder, 'abc'), typeof request === 'string' ? request : JSON.stringify(request))
  await until(() => existsSync(answerFile(folder, 'abc')) && !existsSync(requestFile(folder, 'abc')), 'an answer')
  const answer = JSON.parse(readFileSync(answerFile(folder, 'abc'), 'utf8')) as LetterAnswer
  rmSync(answerFile(folder, 'abc'))
  return answer
}

const deadOf = (t: TestContext): string => join(folderOf(t, {}), 'dead')

describe('the desk of the dead letter', () => {
  it('drops what a command asks for, and says how much it was', async (t) => {
    const folder = deadOf(t)
    const { desk, store } = deskIn(t, folder)
    desk.start()
    await store.write([
      letterOf([1, 2], { tag: 'a.x' }),
      letterOf([3], { tag: 'b' }),
      letterOf([4], { output: 'other' }),
    ])
    assert.deepEqual(await ask(folder, { action: 'drop', filters: { tag: 'a.*' } }), { letters: 1, events: 2 })
    assert.deepEqual(await ask(folder, { action: 'drop', filters: { output: 'out', reason: 'retry_limit' } }), {
      letters: 0,
      events: 0,
    })
    assert.deepEqual(await ask(folder, { action: 'drop', filters: { output: 'other', reason: 'refused' } }), {
      letters: 1,
      events: 1,
    })
    assert.deepEqual(recordsOf((await lettersIn(folder)).letters), [{ n: 3 }])
  })

  it('replays what a command asks for', async (t) => {
    const folder = deadOf(t)
    const { desk, store, handed } = deskIn(t, folder)
    desk.start()
    await store.write([letterOf([1]), letterOf([2], { output: 'other' })])
    assert.deepEqual(await ask(folder, { action: 'replay', filters: { output: 'other' } }), { letters: 1, events: 1 })
    await until(() => handed.length > 0 && !readdirSync(folder).some((name) => name.startsWith('replay')), 'a replay')
    assert.deepEqual(recordsOf(handed), [{ n: 2 }])
    assert.deepEqual(recordsOf((await lettersIn(folder)).letters), [{ n: 1 }])
  })

  it('replays what a command left while no agent ran, and a letter whose replay failed once more later', async (t) => {
    const folder = deadOf(t)
    const before = storeIn(folder).store
    await before.write([letterOf([1])])
    await before.moveToReplay(() => true)
    let isFull = true
    const { desk, clock, handed, log } = deskIn(t, folder, () =>
      isFull ? Promise.reject(new AgentError('TEST_FULL', 'no room')) : Promise.resolve(),
    )
    desk.start()
    await until(() => log.lines.some(({ message }) => message.includes('no room')), 'a failure')
    isFull = false
    assert.equal(handed.length, 1)
    await clock.advance(10_000)
    await until(() => readdirSync(folder).length === 0, 'a replay')
    assert.equal(handed.length, 2)
  })

  it('answers requests while a replay waits', async (t) => {
    const folder = deadOf(t)
    const { desk, store, handed } = deskIn(t, folder, () => new Promise(() => undefined))
    desk.start()
    await store.write([letterOf([1]), letterOf([2], { tag: 'b' })])
    await ask(folder, { action: 'replay', filters: { tag: 'test' } })
    await until(() => handed.length === 1, 'a replay')
    assert.deepEqual(await ask(folder, { action: 'drop', filters: {} }), { letters: 1, events: 1 })
    await desk.stop()
    assert.equal((await lettersIn(folder, 'replay')).letters.length, 1)
  })

  it('answers what is no request with an error, and goes on', async (t) => {
    const folder = deadOf(t)
    const { desk } = deskIn(t, folder)
    desk.start()
    for (const wrong of [
      '',
      '{"action":',
      '7',
      '{"action":"burn","filters":{}}',
      '{"action":"drop"}',
      '{"action":"drop","filters":{"tag":7}}',
      '{"action":"drop","filters":{"tags":"a"}}',
    ]) {
      const answer = await ask(folder, wrong)
      assert.match('error' in answer ? answer.error : '', /expected a request, got something else/, wrong)
    }
    assert.deepEqual(await ask(folder, { action: 'drop', filters: {} }), { letters: 0, events: 0 })
  })

  it('finds requests at intervals where it cannot be notified', async (t) => {
    const folder = deadOf(t)
    writeFileSync(folder, 'a file in the way')
    const { desk, clock, log } = deskIn(t, folder)
    desk.start()
    assert.match(log.lines[0]?.message ?? '', /requests are found every 10 s only: EEXIST/)
    rmSync(folder)
    mkdirSync(folder)
    writeFileSync(requestFile(folder, 'abc'), '{"action":"drop","filters":{}}')
    await clock.advance(10_000)
    await until(() => existsSync(answerFile(folder, 'abc')), 'an answer')
  })

  it('forgets what nobody waits for any more when it starts', async (t) => {
    const folder = deadOf(t)
    mkdirSync(folder)
    for (const name of [
      'request-a.json',
      'answer-b.json',
      'letters-00000001.jsonl.new',
      'letters-00000002.jsonl',
      'other',
    ])
      writeFileSync(join(folder, name), '')
    const { desk } = deskIn(t, folder)
    desk.start()
    await desk.stop()
    assert.deepEqual(readdirSync(folder).sort(), ['letters-00000002.jsonl', 'other'])
  })

  it('leaves no timer and touches nothing once it stopped', async (t) => {
    const folder = deadOf(t)
    const { desk, store, clock, handed } = deskIn(t, folder)
    desk.start()
    await desk.stop()
    assert.equal(clock.waiting, 0)
    await store.write([letterOf([1])])
    await store.moveToReplay(() => true)
    await settle()
    assert.equal(handed.length, 0)
  })
})
