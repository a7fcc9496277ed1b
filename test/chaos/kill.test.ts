import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'

import type { ChaosSetting } from '../support/chaos-agent.js'
import { ChaosRounds } from '../support/chaos-rounds.js'
import { within } from '../support/within.js'

const rounds = Number(process.env['SLUICE_CHAOS_ROUNDS'] ?? 15)
const seed = Number(process.env['SLUICE_CHAOS_SEED'] ?? Math.floor(Math.random() * 2 ** 31))
/** What a round may deliver twice: all since the last checkpoint, and what the receiver took without saying so. */
const mostDuplicates = 6000
const longestMs = 20_000 + 5000 * rounds

async function survive(
  t: TestContext,
  settingOf: (round: number) => Partial<ChaosSetting>,
  count: number,
): Promise<void> {
  const chaos = await ChaosRounds.begin(seed)
  t.after(() => chaos.clear())
  t.diagnostic(`seed ${seed}`)
  for (let round = 0; round < count; round++) await chaos.round(settingOf(round))
  const { inputs, outputs } = await within(longestMs, chaos.end(), 'everything arrives')
  const { stored, received, duplicates } = chaos
  t.diagnostic(JSON.stringify({ rounds: count, stored: stored.size, received, duplicates }))
  assert.equal(outputs['forward.0']?.pending, 0)
  assert.equal(inputs['lib.0']?.dropped['corrupt'], undefined)
  assert.ok(duplicates <= mostDuplicates * count, `${duplicates} duplicates`)
}

test('an agent that is killed at any moment delivers all that it said was stored, however its receiver answers', (t) =>
  survive(t, () => ({}), rounds))

test('so it does while the clock is set back and forth', (t) => {
  const offs = [0, -86_400_000 * 400, 3_600_000, 86_400_000 * 1000]
  const settingOf = (round: number): Partial<ChaosSetting> => ({
    clockOffMs: offs[round % offs.length] ?? 0,
    clockStepMs: round % 2 === 0 ? -5000 : 60_000,
  })
  return survive(t, settingOf, Math.ceil(rounds / 5))
})

test('so it does, without a disk too, for those who wait until their event is delivered', (t) => {
  const modes = ['memory', 'spill', 'durable'] as const
  const settingOf = (round: number): Partial<ChaosSetting> => ({
    mode: modes[round % modes.length] ?? 'memory',
    ack: 'delivered',
  })
  return survive(t, settingOf, Math.ceil(rounds / 3))
})
