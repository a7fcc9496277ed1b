import assert from 'node:assert/strict'
import { it } from 'node:test'

import { noDeadLetter } from '../../../src/flush/dead-letter.js'
import { Flusher } from '../../../src/flush/flusher.js'
import type { Cursor } from '../../../src/log/cursor.js'
import { CursorGroup } from '../../../src/log/cursor-group.js'
import { failing, ForgetfulFiles } from '../../support/forgetful-files.js'
import { flushDefaults, Machine } from '../../support/machine.js'
import { RecordingOutput } from '../../support/recording-output.js'

const settings = { id: 'out', matches: () => true }

/** A lane with events 0 to 9 on disk that an output has not got, and its cursor. */
async function laneWithBacklog(): Promise<{ machine: Machine; cursor: Cursor }> {
  const files = new ForgetfulFiles()
  const before = new Machine({ files, outputs: [] })
  before.lanes.cursorsOf(settings, before.ledger.output('out'))
  assert.ok(await before.start())
  for (let n = 0; n < 10; n++) before.put('a', n, 0)
  await before.stop()
  const machine = new Machine({ files, outputs: [] })
  const [cursor] = machine.lanes.cursorsOf(settings, machine.ledger.output('out'))
  assert.ok(cursor && (await machine.start()))
  return { machine, cursor }
}

it('an output goes on with its other lanes while the disk of one cannot be read, and then with that one', async () => {
  const { machine, cursor } = await laneWithBacklog()
  const other = new Machine({ files: new ForgetfulFiles(), outputs: [], lane: { mode: 'spill' } })
  const [otherCursor] = other.lanes.cursorsOf(settings, other.ledger.output('out'))
  assert.ok(otherCursor && (await other.start()))
  machine.files.fault = failing('EIO', 'read')
  const output = new RecordingOutput()
  const { clock, log } = machine
  const cursors = new CursorGroup([cursor, otherCursor])
  const flusher = new Flusher(
    { ...flushDefaults, id: 'out' },
    { output, cursors, clock, log, deadLetter: noDeadLetter },
  )
  for (let n = 100; n < 103; n++) {
    other.put('a', n, 0)
    await clock.advance(1500)
    assert.equal(output.records.at(-1)?.['n'], n)
  }
  machine.files.fault = () => undefined
  await clock.advance(2000)
  assert.deepEqual(
    output.records.map(({ n }) => n),
    [100, 101, 102, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
  )
  await flusher.stop()
  for (const each of [machine, other]) {
    await each.stop()
    assert.equal(each.clock.waiting, 0)
    assert.equal(each.lane.budget.used, 0)
  }
})
