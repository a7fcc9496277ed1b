import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Rounds } from '../../../src/base/rounds.js'
import { settle } from '../../support/fake-clock.js'

test('what is asked for while it is done is done in one more round, never beside', async () => {
  const release: (() => void)[] = []
  let [done, atOnce] = [0, 0]
  const rounds = new Rounds(async () => {
    atOnce++
    await new Promise<void>((resolve) => release.push(resolve))
    assert.equal(atOnce--, 1)
    done++
  })
  await rounds.idle
  for (let times = 0; times < 3; times++) rounds.ask()
  rounds.ask()
  release.shift()?.()
  await settle()
  assert.equal(done, 1)
  release.shift()?.()
  await rounds.idle
  assert.deepEqual([done, release.length], [2, 0])
  rounds.ask()
  release.shift()?.()
  await rounds.idle
  assert.equal(done, 3)
})
