import type { TestContext } from 'node:test'

import fc from 'fast-check'

import type { Trouble } from './disk-troubles.js'
import { type Fate, PowerCuts, type Setting, type Step } from './power-cuts.js'

const together = 20
/** Of each setting. */
const cases = Number(process.env['SLUICE_POWER_CUTS'] ?? 60)
/** A failure is made smaller for no longer than this. */
const longestMs = 10_000 + 100 * cases

type Weighted = { readonly weight: number; readonly arbitrary: fc.Arbitrary<Step> }

/** What happens anyhow. */
export const usual: readonly Weighted[] = [
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
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const) }) },
]

export const cuts: Weighted = {
  weight: 2,
  arbitrary: fc.record({
    do: fc.constant('cut' as const),
    after: fc.nat(25),
    seed: fc.nat(),
    kind: fc.constantFrom('power' as const, 'kill' as const),
  }),
}

export const troubles: Weighted = {
  weight: 3,
  arbitrary: fc.record({
    do: fc.constant('trouble' as const),
    with: fc.constantFrom<Trouble>('none', 'none', 'full', 'write', 'sync', 'read', 'read-only'),
  }),
}

/** Lives through many histories of such steps, after each of which all is as it was promised. Reports the seed and figures. */
export async function liveThrough(t: TestContext, setting: Setting, steps: readonly Weighted[]): Promise<void> {
  const figures = { cases: 0, restarts: 0, stored: 0, duplicates: 0 }
  const history = fc.array(fc.oneof(...steps), { minLength: 4, maxLength: 30, size: 'max' })
  // Some at a time, since they can share the turns of the event loop that they wait for.
  const histories = fc.array(history, { minLength: 1, maxLength: 2 * together, size: 'max' })
  let failed: { readonly history: readonly Step[]; readonly error: unknown } | undefined
  async function live(sequence: readonly Step[]): Promise<void> {
    try {
      const { restarts, stored, receivers } = await survives(setting, sequence)
      figures.cases++
      figures.restarts += restarts
      figures.stored += stored.size
      for (const { duplicates } of receivers) figures.duplicates += duplicates
    } catch (error) {
      if (!failed || sequence.length <= failed.history.length) failed = { history: sequence, error }
      throw error
    }
  }
  const property = fc.asyncProperty(histories, async (sequences) => void (await Promise.all(sequences.map(live))))
  const limits = { numRuns: Math.ceil(cases / together), interruptAfterTimeLimit: longestMs }
  const { seed } = await fc.check(property, limits)
  t.diagnostic(`${JSON.stringify(figures)}, seed ${seed}`)
  if (failed) throw new Error(`seed ${seed}: ${JSON.stringify(failed.history)}`, { cause: failed.error })
}

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
