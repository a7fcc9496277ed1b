import { describe, it } from 'node:test'

import fc from 'fast-check'

import { type Fate, PowerCuts, type Setting, type Step } from '../../support/power-cuts.js'

const together = 20
/** Of each setting. */
const cases = Number(process.env['SLUICE_POWER_CUTS'] ?? 100)
/** A failure is made smaller for no longer than this. */
const longestMs = 60_000 + 100 * cases

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('emit' as const),
      tag: fc.constantFrom('a', 'b'),
      count: fc.integer({ min: 1, max: 30 }),
      fill: fc.constantFrom(0, 50, 600),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constant('advance' as const), ms: fc.constantFrom(0, 5, 15, 300, 1100, 2500) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('fate' as const),
      output: fc.nat(1),
      fate: fc.constantFrom<Fate>('deliver', 'fail', 'refuse', 'part', 'hang'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('cut' as const),
      after: fc.nat(25),
      seed: fc.nat(),
      kind: fc.constantFrom('power' as const, 'kill' as const),
    }),
  },
  fc.record({ do: fc.constant('restart' as const) }),
)

/** Some at a time, since they can share the turns of the event loop that they wait for. */
const histories = fc.array(fc.array(step, { minLength: 4, maxLength: 30, size: 'max' }), {
  minLength: 1,
  maxLength: 2 * together,
  size: 'max',
})

async function survives(setting: Setting, sequence: readonly Step[]): Promise<PowerCuts> {
  const world = new PowerCuts(setting)
  await world.start()
  for (const each of sequence) {
    await world.take(each)
    world.assertBalanced()
  }
  await world.drain()
  world.assertBalanced()
  world.assertWhole()
  await world.assertIdle()
  return world
}

const settings: { readonly [name: string]: Setting } = {
  'a durable lane': { lane: { mode: 'durable' } },
  'a durable lane with little room on disk': { lane: { mode: 'durable', disk_limit: 8192 }, maxInFlight: 3 },
  'a durable lane, newest first': { lane: { mode: 'durable' }, newestFirst: true },
  'a lane that spills': { lane: { mode: 'spill' }, maxInFlight: 2 },
  'a lane that spills, with little memory': { lane: { mode: 'spill', memory: 64 * 1024 } },
}

describe('whatever power cuts leave of the disk', () => {
  for (const [name, setting] of Object.entries(settings))
    it(`${name} delivers all that was stored, knows of no other event, and balances its ledger`, async (t) => {
      const figures = { cases: 0, restarts: 0, stored: 0, duplicates: 0 }
      const property = fc.asyncProperty(histories, async (sequences) => {
        const worlds = await Promise.all(sequences.map((sequence) => survives(setting, sequence)))
        for (const { restarts, stored, receivers } of worlds) {
          figures.cases++
          figures.restarts += restarts
          figures.stored += stored.size
          for (const { duplicates } of receivers) figures.duplicates += duplicates
        }
      })
      const limits = { numRuns: Math.ceil(cases / together), interruptAfterTimeLimit: longestMs }
      const { failed, seed, errorInstance, counterexample } = await fc.check(property, limits)
      t.diagnostic(`${JSON.stringify(figures)}, seed ${seed}`)
      if (failed) throw new Error(`seed ${seed}: ${JSON.stringify(counterexample)}`, { cause: errorInstance })
    })
})
