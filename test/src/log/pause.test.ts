import assert from 'node:assert/strict'
import { it } from 'node:test'

import { Pause } from '../../../src/log/pause.js'

it('waits that overlap are one pause, which is counted while it lasts', async () => {
  let now = 0
  const pause = new Pause(() => now)
  const ends: (() => void)[] = []
  const wait = (): Promise<void> => pause.during(new Promise((resolve) => ends.push(resolve)))
  const first = wait()
  now = 100
  const second = wait()
  assert.deepEqual([pause.currentMs, pause.totalMs], [100, 100])
  ends[0]?.()
  await first
  now = 250
  assert.deepEqual([pause.currentMs, pause.totalMs], [250, 250], 'somebody still waits')
  ends[1]?.()
  await second
  now = 400
  assert.deepEqual([pause.currentMs, pause.totalMs], [0, 250])
  const third = wait()
  now = 450
  assert.deepEqual([pause.currentMs, pause.totalMs], [50, 300])
  ends[2]?.()
  await third
})
