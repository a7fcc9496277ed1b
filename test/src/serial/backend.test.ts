import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { systemClock } from '../../../src/base/clock.js'
import { openLine } from '../../../src/serial/index.js'
import { stalls } from '../../../src/serial/backend.js'
import { skipPty } from '../../support/pty-pair.js'
import { PtyDevice } from '../../support/pty-device.js'
import { openedPair, serialSettings } from '../../support/serial-line.js'
import { within } from '../../support/within.js'

describe('the backend of a serial line', { skip: skipPty }, () => {
  it('is chosen by the version of Node, on which serialport stalls or not', async (t) => {
    const versions = ['20.20.2', '24.21.0', '26.2.0', '26.3.0', '26.10.0', '27.0.0']
    assert.deepEqual(versions.map(stalls), [false, false, false, true, true, true])
    const { line } = await openedPair(t)
    assert.equal(line.backend, stalls(process.versions.node) ? 'tty' : 'serialport')
  })

  it('gives bytes at once on every Node, while nothing else wakes the program', async (t) => {
    const { line, pair } = await openedPair(t)
    const device = new PtyDevice(t, pair.deviceEnd)
    for (let n = 0; n < 3; n++) {
      const next = within(2000, line.next(), 'the bytes')
      device.send('x')
      assert.equal((await next)?.length, 1)
    }
  })

  it('is not serialport where RS-485 is asked for', async () => {
    const settings = serialSettings({ path: '/dev/none', backend: 'serialport', rs485: 'rts_on_send' })
    await assert.rejects(openLine(settings, { clock: systemClock }), { code: 'SERIAL_RS485' })
  })
})
