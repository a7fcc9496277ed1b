import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import gps from '../../../inputs/gps/index.js'
import { systemClock } from '../../../src/base/clock.js'
import type { EventRecord } from '../../../src/event/event.js'
import { runInput } from '../../../src/engine/input-runner.js'
import { ByteServer } from '../../support/byte-server.js'
import { gpsfakeSkip, startGpsfake } from '../../support/gpsfake.js'
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

interface Watching {
  readonly context: RecordingInputContext
  /** Resolves once there are so many records with a position and a time. */
  readonly positions: (count: number) => Promise<EventRecord[]>
}

/** Runs the input as the engine does: a run that fails is run again. */
function watching(t: TestContext, port: number): Watching {
  const context = new RecordingInputContext(systemClock)
  const input = gps.create(optionsOf(gps, { port, event_time: 'receiver' }), context)
  const stop = new AbortController()
  const ended = runInput({ input, clock: systemClock, log: context.log, retry }, stop.signal)
  t.after(() => {
    stop.abort()
    return ended
  })
  // Until gpsd knows the year its positions have no time.
  const found = (): EventRecord[] => context.records.filter((record) => record['receiver_time'])
  return {
    context,
    async positions(count) {
      const come = context.until(() => found().length >= count)
      await within(20_000, come, `${count} positions`)
      return found()
    },
  }
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
  const { context, positions } = watching(t, port)
  const [{ lat, lon, alt_m, device } = {}] = await positions(3)
  assert.deepEqual([lat, lon, alt_m, device], [48.1173, 11.516666667, 545.4, `tcp://127.0.0.1:${source.port}`])
  const at = context.records.findIndex((record) => record['receiver_time'])
  assert.equal(new Date(Number(context.events[at]?.time.seconds) * 1000).toISOString().slice(0, 15), '2026-11-23T12:0')
  await daemon.stop()
  const before = (await positions(3)).length
  await start()
  await positions(before + 1)
  assert.equal(context.counted['bad_reports'], undefined)
  assert.ok(context.log.lines.some(({ message }) => message.startsWith('failed: ')))
})

test(
  'a drive that gpsfake plays to gpsd comes as it was driven, again after a crash',
  { skip: gpsfakeSkip() },
  async (t) => {
    const port = await freePort()
    const seconds = Array.from({ length: 30 }, (_, second) => String(second).padStart(2, '0'))
    const drive = seconds.map((second) => burst(`1200${second}.00`, '231126')).join('')
    const first = await startGpsfake(t, port, drive)
    const { context, positions } = watching(t, port)
    const times = (await positions(10)).map((record) => String(record['receiver_time']).slice(0, 19))
    const start = seconds.indexOf(times[0]?.slice(-2) ?? '')
    const expected = times.map((_, index) => `2026-11-23T12:00:${seconds[(start + index) % seconds.length]}`)
    assert.deepEqual(times, expected, 'each moment once, in order')
    await first.crash()
    const before = (await positions(10)).length
    await startGpsfake(t, port, drive)
    const { lat, lon, alt_m, device, mode, error_time_s } = (await positions(before + 1)).at(-1) ?? {}
    assert.deepEqual([lat, lon, alt_m, mode], [48.1173, 11.516666667, 545.4, '3d'])
    assert.equal(error_time_s, 0.005, 'what gpsd thinks of the time of NMEA')
    assert.match(String(device), /^\/dev\/pts\//)
    assert.equal(context.counted['bad_reports'], undefined)
    assert.ok(context.log.lines.some(({ message }) => message.startsWith('failed: ')))
  },
)
