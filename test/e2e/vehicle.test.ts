import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import type { Event, EventRecord } from '../../src/event/event.js'
import { engine } from '../support/ecu.js'
import { ElmSimulator } from '../support/elm327.js'
import { ForwardServer } from '../support/forward-server.js'
import { skipPty } from '../support/pty-pair.js'
import { sluice } from '../support/sluice.js'
import { Tree } from '../support/tree.js'
import { within } from '../support/within.js'

const longestMs = 30_000

interface Car {
  readonly server: ForwardServer
  readonly of: (tag: string) => readonly Event[]
  readonly has: (tag: string, isOne: (record: EventRecord) => boolean) => boolean
}

/** The sample, sixty times as fast as it was recorded: what it sends. */
async function drive(t: TestContext, more: NodeJS.ProcessEnv = {}): Promise<Car> {
  const server = await new ForwardServer().listen()
  t.after(() => server.close())
  const own = { STATE_DIRECTORY: new Tree(t).root, FORWARD_PORT: String(server.port), REPLAY_SPEED: '60' }
  sluice(t, ['-c', 'conf/vehicle.yaml'], { env: { ...process.env, ...own, REPLAY_TIMES: 'recorded', ...more } })
  const of: Car['of'] = (tag) =>
    server.messages.filter((message) => message.tag === tag).flatMap(({ events }) => events)
  return { server, of, has: (tag, isOne) => of(tag).some(({ record }) => isOne(record)) }
}

test('the sample of a car sends signals and positions of a recorded drive, and all that happened around the harsh braking', async (t) => {
  const { server, of, has } = await drive(t)
  const complete = (): boolean =>
    has('vehicle.signals', ({ EngineSpeed, bus }) => EngineSpeed !== undefined && bus === 'can0') &&
    has('vehicle.signals', ({ Gear_label }) => Gear_label !== undefined) &&
    has('vehicle.signals', ({ PressureRearRight }) => PressureRearRight !== undefined) &&
    has('vehicle.position', ({ lat, speed_ms: speed }) => Number(lat) > 52 && Number(speed) > 5) &&
    of('vehicle.braking').length >= 800
  await within(longestMs, server.until(complete), 'signals of all kinds, positions, and a capture')
  const [first = assert.fail('no capture')] = of('vehicle.braking')
  const ofFirst = of('vehicle.braking')
    .slice(0, 800)
    .map(({ record }) => record)
  const offsets = ofFirst.map((record) => Number(record['capture.offset_s']))
  assert.deepEqual([...new Set(ofFirst.map((record) => record['capture.id']))], [first.record['capture.id']])
  assert.ok(Math.min(...offsets) < -9.9 && Math.max(...offsets) > 9.9, 'from ten seconds before it to ten behind it')
  assert.ok(ofFirst.some(({ LongitudinalAcceleration: brake }) => Number(brake) < -6))
  assert.ok(ofFirst.some(({ BrakePressure }) => BrakePressure === 0))
  assert.ok(
    ofFirst.every(({ quality }) => quality === undefined),
    'no counter and no checksum speaks against a frame',
  )
  const others = server.messages.filter(({ tag }) => !tag.startsWith('vehicle.'))
  assert.deepEqual(others, [])
})

test('an adapter in the socket of the car is asked for its values and trouble codes', { skip: skipPty }, async (t) => {
  const adapter = await ElmSimulator.start(t, { ecus: { '7E8': engine } })
  const path = new Tree(t).path('adapter')
  await adapter.plugIn(t, path)
  const { server, has } = await drive(t, { OBD_ADAPTER: path })
  const complete = (): boolean => has('vehicle.obd', ({ vehicle_speed: speed }) => speed === 50)
  await within(longestMs, server.until(complete), 'the speed that the engine tells')
})
