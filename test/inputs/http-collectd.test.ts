import assert from 'node:assert/strict'
import { test } from 'node:test'

import { Collectd, noCollectd } from '../support/collectd.js'
import { ingesting } from '../support/http-ingest.js'
import { comesTrue } from '../support/shipping.js'

const numbers = Array.from({ length: 200 }, (_, n) => n)
const beganAt = 1_700_000_000

test('collectd posts each value list once', { skip: noCollectd }, async (t) => {
  const { url, events, agent } = await ingesting(t)
  const collectd = await Collectd.start(t, `${url}/collectd`)
  const values = numbers.map((n) => `PUTVAL gw1/room-north/temperature interval=10 ${beganAt + n}:${n}.5`)
  const said = await collectd.tell(values)
  assert.ok(
    said.every((line) => line.startsWith('0 Success')),
    said.join('\n'),
  )
  // What it has taken goes through a thread of its own before it is there to be flushed.
  await comesTrue(async () => {
    await collectd.tell(['FLUSH'])
    return events.length >= numbers.length
  }, 'all arrive')
  const told = events.map(({ record }) => [Number(record['time']), record['values']] as const)
  assert.deepEqual(
    told,
    numbers.map((n) => [beganAt + n, [n + 0.5]]),
  )
  const { tag, record } = events[0] ?? assert.fail()
  const { host, plugin, plugin_instance, type, dsnames, dstypes } = record
  assert.deepEqual(
    [tag, host, plugin, plugin_instance, type, dsnames, dstypes],
    ['collectd', 'gw1', 'room', 'north', 'temperature', ['value'], ['gauge']],
  )
  assert.deepEqual(agent.ledger.inputs['http.0']?.counters, {})
})
