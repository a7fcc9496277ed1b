import assert from 'node:assert/strict'
import { test } from 'node:test'

import { lookAtStages } from '../../../src/cli/look-at-stages.js'
import type { CheckedPipeline } from '../../../src/config/pipeline.js'
import { FakeClock } from '../../support/fake-clock.js'

/** A pipeline with one stage at line 4 whose check this is. */
function withStage(check: () => Promise<void>): CheckedPipeline {
  const position = { file: 'a.yaml', line: 4, column: 9 }
  const stage = { id: 'service.0', position, plugin: { definition: { check } }, options: {} }
  return { servers: [{ stages: [stage] }] } as unknown as CheckedPipeline
}

test('a check that takes more than two seconds says what it waits for, once, and then what came of it', async () => {
  const [clock, told] = [new FakeClock(), [] as string[]]
  const checking = async (): Promise<void> => {
    await clock.sleep(6000)
    throw new Error('it takes longer than 10s')
  }
  const found = lookAtStages((line) => told.push(line), clock)(withStage(checking))
  await clock.advance(1999)
  assert.deepEqual(told, [])
  await clock.advance(4000)
  assert.deepEqual(told, ['a.yaml:4:9: service.0: still loading what it runs …'])
  await clock.advance(1)
  assert.deepEqual(
    (await found).map(({ message }) => message),
    ['service.0: it takes longer than 10s'],
  )
})

test('a check that is over in time says nothing of waiting', async () => {
  const [clock, told] = [new FakeClock(), [] as string[]]
  assert.deepEqual(await lookAtStages((line) => told.push(line), clock)(withStage(() => Promise.resolve())), [])
  await clock.advance(5000)
  assert.deepEqual([told, clock.waiting], [[], 0])
})
