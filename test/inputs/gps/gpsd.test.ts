import assert from 'node:assert/strict'
import { test } from 'node:test'
import gps from '../../../inputs/gps/index.js'
import { systemClock } from '../../../src/base/clock.js'
import { runInput } from '../../../src/engine/input-runner.js'
import { ByteServer } from '../../support/byte-server.js'
import { RecordingInputContext } from '../../support/input-context.js'
import { burst } from '../../support/nmea.js'
import { optionsOf } from '../../support/options.js'
import { peer } from '../../support/peers.js'
import { freePort } from '../../support/ports.js'
import { startProcess, type TestProcess } from '../../support/process.js'
import { within } from '../../support/within.js'

const gpsd = peer('gpsd')
const retry = { baseMs: 50, capMs: 200 }

/** A receiver on TCP that is faster than most: a second passes in 50 ms. */
async function receiver(): Promise<ByteServer> {
  const server = await new ByteServer().listen()
  server.greet = (socket) => {
    let second = 0
    const timer = setInterval(() => {
      const at = String(second++ % 60).padStart(2, '0')
      socket.write(burst(`1200${at}.00`, '231126'))
    }, 50)
    socket.once('close', () => clearInterval(timer))
  }
  return server
}

test('positions come from a real gpsd, again after it was restarted', { skip: gpsd.skip }, async (t) => {
  const source = await receiver()
  t.after(() => source.close())
  const port = await freePort()
  const start = async (): Promise<TestProcess> => {
    const args = ['-N', '-n', '-S', String(port), `tcp://127.0.0.1:${source.port}`]
    const daemon = await startProcess(gpsd.path, args, { ready: port })
    t.after(() => daemon.stop('SIGKILL'))
    return daemon
  }
  const daemon = await start()
  const context = new RecordingInputContext(systemClock)
  const input = gps.create(optionsOf(gps, { port, event_time: 'receiver' }), context)
  // As the engine does: a run that fails is run again.
  const stop = new AbortController()
  const ended = runInput({ input, clock: systemClock, log: context.log, retry }, stop.signal)
  t.after(() => {
    stop.abort()
    return ended
  })
  // Until gpsd knows the year its positions have no time.
  const positions = (): number[] => [...context.records.keys()].filter((at) => context.records[at]?.['receiver_time'])
  await within(
    20_000,
    context.until(() => positions().length > 2),
    'positions',
  )
  const [at = 0] = positions()
  const { lat, lon, alt_m, device } = context.records[at] ?? {}
  assert.deepEqual([lat, lon, alt_m, device], [48.1173, 11.516666667, 545.4, `tcp://127.0.0.1:${source.port}`])
  assert.equal(new Date(Number(context.events[at]?.time.seconds) * 1000).toISOString().slice(0, 15), '2026-11-23T12:0')
  await daemon.stop()
  const before = positions().length
  await start()
  await within(
    20_000,
    context.until(() => positions().length > before),
    'positions after the restart',
  )
  assert.equal(context.counted['bad_reports'], undefined)
  assert.ok(context.log.lines.some(({ message }) => message.startsWith('failed: ')))
})
