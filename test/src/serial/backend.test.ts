import assert from 'node:assert/strict'
import { execFileSync, type StdioOptions } from 'node:child_process'
import { symlinkSync, writeSync } from 'node:fs'
import { describe, it, type TestContext } from 'node:test'
import { systemClock } from '../../../src/base/clock.js'
import { openLine } from '../../../src/serial/index.js'
import { stalls } from '../../../src/serial/backend.js'
import { peer } from '../../support/peers.js'
import { skipPty } from '../../support/pty-pair.js'
import { PtyDevice } from '../../support/pty-device.js'
import { bytesOf, openedPair, serialSettings } from '../../support/serial-line.js'
import { Tree } from '../../support/tree.js'
import { within } from '../../support/within.js'

const busybox = peer('busybox')

describe('the backend of a serial line', { skip: skipPty }, () => {
  it('is our own, and the package where stty is missing, unless it stalls on this Node', async (t) => {
    const versions = ['20.20.2', '24.21.0', '26.2.0', '26.3.0', '26.10.0', '27.0.0']
    assert.deepEqual(versions.map(stalls), [false, false, false, true, true, true])
    assert.equal((await openedPair(t)).line.backend, 'tty')
    withPath(t, new Tree(t).root)
    if (stalls(process.versions.node)) await assert.rejects(openedPair(t), { code: 'SERIAL_STTY' })
    else assert.equal((await openedPair(t)).line.backend, 'serialport')
    await assert.rejects(openedPair(t, { backend: 'tty' }), {
      code: 'SERIAL_STTY',
      message: /stty is missing; install/,
    })
  })

  it('needs no more than the stty of BusyBox, even where that has no flock', { skip: busybox.skip }, async (t) => {
    const tools = new Tree(t)
    for (const name of ['stty', 'flock']) symlinkSync(busybox.path, tools.path(name))
    const env = withPath(t, tools.root)
    const raw = { backend: 'tty', baud_rate: 4_000_000, stop_bits: 2, flow_control: 'software', hang_up: false }
    const { line, device, pair } = await openedPair(t, raw)
    writeSync(device, Uint8Array.of(0, 3, 13, 10, 255))
    assert.deepEqual(await bytesOf(line, 5), Buffer.of(0, 3, 13, 10, 255))
    // BusyBox complains that a pty has no size of a window, and goes on.
    const stdio: StdioOptions = ['ignore', 'pipe', 'ignore']
    const settings = execFileSync('stty', ['-a', '-F', pair.agentEnd], { env, encoding: 'utf8', stdio })
    for (const word of ['4000000', 'cstopb', 'ixon', 'ixoff', '-hupcl', '-icanon', '-echo', '-icrnl'])
      assert.ok(settings.split(/[\s;]+/).includes(word), word)
  })

  it('gives bytes at once on every Node, while nothing else wakes the program', async (t) => {
    const { line, pair } = await openedPair(t)
    const device = new PtyDevice(t, pair.deviceEnd)
    for (let n = 0; n < 3; n++) {
      const next = within(20_000, line.next(), 'the bytes')
      device.send('x')
      assert.equal((await next)?.length, 1)
    }
  })

  it('is not serialport where RS-485 is asked for', async () => {
    const settings = serialSettings({ path: '/dev/none', backend: 'serialport', rs485: 'rts_on_send' })
    await assert.rejects(openLine(settings, { clock: systemClock }), { code: 'SERIAL_RS485' })
  })
})

/** Programs are found in this folder alone, until the test ends. */
function withPath(t: TestContext, folder: string): NodeJS.ProcessEnv {
  const before = process.env['PATH']
  process.env['PATH'] = folder
  t.after(() => {
    process.env['PATH'] = before
  })
  return { PATH: folder }
}
