import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { EventRecord } from '../../src/event/event.js'
import { ForwardServer } from '../support/forward-server.js'
import { sluice } from '../support/sluice.js'
import { Tree } from '../support/tree.js'
import { within } from '../support/within.js'

const longestMs = 30_000

test('the sample of a car decodes a recorded drive and sends it, with all that happened around the harsh braking', async (t) => {
  const server = await new ForwardServer().listen()
  t.after(() => server.close())
  const env = {
    ...process.env,
    STATE_DIRECTORY: new Tree(t).root,
    FORWARD_PORT: String(server.port),
    REPLAY_SPEED: '60',
  }
  sluice(t, ['-c', 'conf/vehicle.yaml'], { env })
  const has = (tag: string, isOne: (record: EventRecord) => boolean): boolean =>
    server.messages.some((message) => message.tag === tag && message.events.some(({ record }) => isOne(record)))
  const complete = (): boolean =>
    has(
      'vehicle.signals',
      ({ message, EngineSpeed, bus }) => message === 'EngineData' && EngineSpeed !== undefined && bus === 'can0',
    ) &&
    has('vehicle.signals', ({ Gear_label }) => Gear_label !== undefined) &&
    has('vehicle.signals', ({ PressureRearRight }) => PressureRearRight !== undefined) &&
    has('vehicle.braking', ({ LongitudinalAcceleration: brake }) => Number(brake) < -6) &&
    has('vehicle.braking', ({ BrakePressure, 'capture.offset_s': offset }) => BrakePressure === 0 && Number(offset) < 0)
  await within(longestMs, server.until(complete), 'signals of all kinds, and what came before the braking and with it')
  const tags = new Set(server.messages.map(({ tag }) => tag))
  assert.deepEqual(
    [...tags].filter((tag) => !tag.startsWith('vehicle.')),
    [],
  )
})
