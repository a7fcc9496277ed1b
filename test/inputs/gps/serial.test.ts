import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { test } from 'node:test'
import gps from '../../../inputs/gps/index.js'
import { systemClock } from '../../../src/base/clock.js'
import { folderOf } from '../../support/folder.js'
import { RecordingInputContext } from '../../support/input-context.js'
import { burst } from '../../support/nmea.js'
import { optionsOf } from '../../support/options.js'
import { PtyPair, skipPty } from '../../support/pty-pair.js'
import { running } from '../../support/running.js'
import { within } from '../../support/within.js'

const soon = 15_000

test(
  'a receiver on a serial line is read, also behind noise and after it was unplugged',
  { skip: skipPty },
  async (t) => {
    const pair = new PtyPair(folderOf(t, {}))
    t.after(() => pair.pullOut())
    const context = new RecordingInputContext(systemClock)
    const options = { from: 'serial', path: pair.agentEnd, reconnect_interval: '20ms' }
    await running(t, gps.create(optionsOf(gps, options), context))
    await within(soon, context.log.line('waiting for a serial line'), 'an absent device')

    for (const [round, minute] of ['00', '01'].entries()) {
      await pair.plugIn()
      await within(
        soon,
        context.until(() => (context.counted['opened_lines'] ?? 0) > round),
        'an open line',
      )
      await writeFile(pair.deviceEnd, `\u00ff\u00fe,N*1\r\n${burst(`12${minute}00`, '231126')}`, 'latin1')
      await within(soon, context.received(round + 1), 'a fix')
      await pair.pullOut()
      await within(
        soon,
        context.until(() => (context.counted['lost_lines'] ?? 0) > round),
        'a lost line',
      )
    }

    assert.deepEqual(
      context.records.map((record) => record['receiver_time']),
      ['2026-11-23T12:00:00.000000000Z', '2026-11-23T12:01:00.000000000Z'],
    )
    assert.equal(context.counted['noise_lines'], 2)
  },
)

test('a serial line must be named', () => {
  assert.throws(() => gps.create(optionsOf(gps, { from: 'serial' }), new RecordingInputContext()), {
    code: 'SERIAL_NO_DEVICE',
  })
})
