import assert from 'node:assert/strict'
import { test } from 'node:test'

import { ForgetfulFiles } from '../../support/forgetful-files.js'
import { flushMs, Machine, machineLane } from '../../support/machine.js'
import { assertBalanced } from '../../support/balance.js'
import { randomOf } from '../../support/random.js'
import { RecordingOutput } from '../../support/recording-output.js'

/** Between one event and the next. */
const stepMs = 50
const cutAtMs = 4000

/** How long an event that was answered at once may be in memory alone, and what cuts a run short. */
const cases = [
  ['spill', machineLane.spill_after],
  ['durable', flushMs],
] as const
const cuts = {
  'a power cut': (files: ForgetfulFiles) => files.cut(randomOf(7)),
  'kill -9': (files: ForgetfulFiles) => files.killed(),
}

async function begin(files: ForgetfulFiles, mode: 'spill' | 'durable', output: RecordingOutput): Promise<Machine> {
  const outputs = [{ id: 'out', matches: () => true, output }]
  const machine = new Machine({ files, lane: { mode }, input: { ack: 'received' }, outputs })
  assert.ok(await machine.start())
  return machine
}

for (const [mode, longestMs] of cases)
  for (const [name, cut] of Object.entries(cuts))
    test(`${name} costs a lane of mode ${mode} at most what came within ${longestMs} ms`, async () => {
      const files = new ForgetfulFiles()
      const before = await begin(files, mode, new RecordingOutput(() => new Promise(() => undefined)))
      const count = cutAtMs / stepMs
      for (let n = 0; n < count; n++) {
        before.put('a', n, 0)
        await before.clock.advance(stepMs)
      }
      files.freezeAt = files.operations
      const output = new RecordingOutput()
      const after = await begin(cut(files), mode, output)
      await after.clock.advance(10_000)
      const numbers = output.records.map((record) => Number(record['n']))
      const lost = Array.from({ length: count }, (_, n) => n).filter((n) => !numbers.includes(n))
      const oldest = cutAtMs - Math.min(...lost) * stepMs
      assert.ok(lost.length > 0 && oldest <= longestMs + stepMs, `one that came ${oldest} ms before was lost`)
      const { accepted, delivered, dropped, pending } = after.ledger.input('in').toJSON()
      assert.deepEqual([accepted, pending], [delivered + (dropped['crash'] ?? 0), 0])
      assert.equal(delivered, numbers.length)
      const counted = dropped['crash'] ?? 0
      if (mode === 'spill') assert.ok(counted > 0, 'those that a checkpoint knew of are counted')
      const told = after.lines('warn').filter((line) => line.startsWith(`up to ${counted} events lost`))
      assert.equal(told.length, counted > 0 ? 1 : 0, 'and told')
      assertBalanced(after.ledger.toJSON())
      await after.stop()
    })
