import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import fc from 'fast-check'

import type { FullPolicy } from '../../../src/log/appender.js'
import type { LedgerFigures } from '../../../src/observe/ledger.js'
import { PartialError, PermanentError } from '../../../src/plugin/errors.js'
import { settle } from '../../support/fake-clock.js'
import { Flow } from '../../support/flow.js'
import { RecordingOutput } from '../../support/recording-output.js'

type Fate = 'ok' | 'fail' | 'refuse' | 'part' | 'hang'

type Step =
  | { readonly do: 'emit'; readonly input: number; readonly tag: string; readonly count: number; readonly size: number }
  | { readonly do: 'advance'; readonly ms: number }
  | { readonly do: 'fate'; readonly output: number; readonly fate: Fate }

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    fc.record({
      do: fc.constant('emit' as const),
      input: fc.nat(2),
      tag: fc.constantFrom('a', 'b', 'nowhere'),
      count: fc.integer({ min: 1, max: 40 }),
      size: fc.constantFrom(0, 100, 4000),
    }),
    fc.record({ do: fc.constant('advance' as const), ms: fc.constantFrom(0, 10, 1000, 40_000) }),
    fc.record({
      do: fc.constant('fate' as const),
      output: fc.nat(1),
      fate: fc.constantFrom<Fate>('ok', 'fail', 'refuse', 'part', 'hang'),
    }),
  ),
  { minLength: 1, maxLength: 40 },
)

const policies: readonly FullPolicy[] = ['wait', 'drop_oldest', 'drop_newest']

describe('the ledger', () => {
  it('balances at every moment, whatever outputs do and however full the memory is', async () => {
    let dropped = 0
    await fc.assert(
      fc.asyncProperty(steps, async (sequence) => {
        const world = createWorld()
        for (const step of sequence) {
          await world.take(step)
          assertBalanced(world.flow.ledger.toJSON())
          assert.ok(world.flow.budget.used <= world.flow.budget.limit + 300_000, 'no more than one emit over the limit')
        }
        assertAcknowledgedOnce(world)
        dropped += Object.values(world.flow.ledger.toJSON().inputs).reduce(
          (sum, input) => sum + count(input.dropped),
          0,
        )
      }),
      { numRuns: 150 },
    )
    assert.ok(dropped > 0, 'some runs dropped events')
  })

  it('is settled in the end: with outputs that work, nothing is pending and every byte is given back', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (sequence) => {
        const world = createWorld()
        for (const step of sequence) await world.take(step)
        for (const output of world.fates.keys()) world.fates[output] = 'ok'
        world.releaseHanging()
        await world.flow.clock.advance(200_000)
        const figures = world.flow.ledger.toJSON()
        assertBalanced(figures)
        for (const { pending } of [...Object.values(figures.inputs), ...Object.values(figures.outputs)])
          assert.equal(pending, 0)
        assert.equal(world.flow.budget.used, 0)
      }),
      { numRuns: 100 },
    )
  })
})

function createWorld() {
  const flow = new Flow(64 * 1024)
  const fates: Fate[] = ['ok', 'ok']
  const acks = new Map<number, number>()
  let hanging: (() => void)[] = []
  let next = 0
  for (const output of [0, 1]) {
    const recording = new RecordingOutput((batch) => {
      const fate = fates[output]
      if (fate === 'fail') throw new Error('down')
      if (fate === 'refuse') throw new PermanentError('TEST_NO', 'never')
      if (fate === 'part') throw new PartialError('TEST_PART', 'the last', new Map([[batch.count - 1, 'bad']]))
      return fate === 'hang' ? new Promise<void>((resolve) => hanging.push(resolve)) : undefined
    })
    flow.output(`out${output}`, recording, {
      match: (tag) => (output === 0 ? tag === 'a' : tag !== 'nowhere'),
      maxInFlight: output + 1,
      maxBatchBytes: 4096,
      retryLimit: 3,
    })
  }
  const inputs = policies.map((full, index) => flow.input(`in${index}`, { full }))

  async function take(step: Step): Promise<void> {
    if (step.do === 'advance') return flow.clock.advance(step.ms)
    if (step.do === 'fate') return void (fates[step.output] = step.fate)
    const input = inputs[step.input]
    assert.ok(input)
    for (let each = 0; each < step.count; each++) {
      const n = next++
      acks.set(n, 0)
      input.ledger.accepted++
      input.append(step.tag, 0, 0, { n, fill: 'x'.repeat(step.size) }, () => acks.set(n, (acks.get(n) ?? 0) + 1))
    }
    await settle()
  }

  const releaseHanging = (): void => {
    for (const resolve of hanging.splice(0)) resolve()
    hanging = []
  }
  return { flow, fates, acks, take, releaseHanging }
}

function assertBalanced({ inputs, outputs }: LedgerFigures): void {
  for (const { accepted, added, filtered, delivered, dropped, pending } of Object.values(inputs)) {
    assert.equal(accepted + added, filtered + delivered + count(dropped) + pending)
  }
  for (const { routed, delivered, dropped, pending } of Object.values(outputs)) {
    assert.equal(routed, delivered + count(dropped) + pending)
    assert.ok(pending >= 0)
  }
}

function assertAcknowledgedOnce({ flow, acks }: ReturnType<typeof createWorld>): void {
  flow.lane.abandon()
  for (const [n, times] of acks) assert.equal(times, 1, `event ${n} was acknowledged ${times} times`)
}

function count(counted: { readonly [reason: string]: number }): number {
  return Object.values(counted).reduce((sum, each) => sum + each, 0)
}
