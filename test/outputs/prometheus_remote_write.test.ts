import assert from 'node:assert/strict'
import { test } from 'node:test'
import { peer } from '../support/peers.js'
import { delivered, sending } from '../support/preset-pair.js'
import { startPrometheusStore } from '../support/prometheus-store.js'

/** As Prometheus tells of series: the last value of each. */
async function query(port: number, text: string): Promise<readonly [labels: unknown, value: unknown][]> {
  const answer = await fetch(`http://127.0.0.1:${port}/api/v1/query?${new URLSearchParams({ query: text }).toString()}`)
  const { data } = (await answer.json()) as { data: { result: { metric: unknown; value: [number, string] }[] } }
  return data.result.map(({ metric, value }) => [metric, value[1]])
}

test('Prometheus answers queries with what an agent wrote', { skip: peer('prometheus').skip }, async (t) => {
  const port = Number(new URL(await startPrometheusStore(t)).port)
  const labels = { bus: '$bus', site: 'north' }
  const { push, agent } = await sending(t, { name: 'prometheus_remote_write', port, labels })
  await push({ tag: 'can', record: { bus: 'can0', speed: 81.5, ok: true, unit: 'km/h' } })
  assert.deepEqual(await query(port, '{site="north"}'), [
    [{ __name__: 'can_ok', bus: 'can0', site: 'north' }, '1'],
    [{ __name__: 'can_speed', bus: 'can0', site: 'north' }, '81.5'],
  ])
  assert.equal(agent.ledger.outputs['prometheus_remote_write.0']?.delivered, 1)
})

test('a sample that Prometheus does not take is given up, and told', { skip: peer('prometheus').skip }, async (t) => {
  const port = Number(new URL(await startPrometheusStore(t)).port)
  const { push, agent } = await sending(t, { name: 'prometheus_remote_write', port })
  await push({ tag: 'can', record: { speed: 1 } })
  await push({ tag: 'can', record: { speed: 2 }, time: { seconds: 1_700_000_000, nanoseconds: 0 } }).catch(
    () => undefined,
  )
  await push({ tag: 'can', record: { speed: 3 } })
  const { delivered: taken, dropped } = agent.ledger.outputs['prometheus_remote_write.0'] ?? {}
  assert.deepEqual([taken, dropped], [2, { refused: 1 }])
  assert.deepEqual(await query(port, 'can_speed'), [[{ __name__: 'can_speed' }, '3']])
})

test('what is written is read as it was by an agent that serves remote write', async (t) => {
  const time = { seconds: 1_700_000_000, nanoseconds: 123_000_000 }
  const record = { name: 'temperature', labels: { job: 'board', sensor: 'a' }, value: 41.5 }
  const sent = [{ tag: 'any', record, time }]
  const [event, ...others] = await delivered(t, { sent, output: { name: 'prometheus_remote_write' } })
  assert.deepEqual([event?.record, event?.time, others], [record, time, []])
})
