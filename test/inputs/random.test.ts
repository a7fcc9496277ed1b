import assert from 'node:assert/strict'
import { it } from 'node:test'

import random from '../../inputs/random/index.js'
import { FakeClock } from '../support/fake-clock.js'
import { RecordingInputContext } from '../support/input-context.js'
import { optionsOf } from '../support/options.js'

it('random input: makes 64-bit numbers that differ, and is done after its samples', async () => {
  const clock = new FakeClock()
  const context = new RecordingInputContext(clock)
  const done = random.create(optionsOf(random, { samples: 20 }), context).run(new AbortController().signal)
  await clock.advance(60_000)
  await done
  const values = context.records.map(({ rand_value: value }) => value)
  assert.equal(values.length, 20)
  assert.equal(new Set(values).size, 20)
  assert.ok(values.some((value) => typeof value === 'bigint' && value > 2n ** 53n))
})
