import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HttpDestination } from '../support/http-destination.js'
import { delivered, sending } from '../support/preset-pair.js'

const time = { seconds: 1_700_000_000, nanoseconds: 123_456_789 }

for (const written of [{ encoding: 'json', compress: 'gzip' }, { encoding: 'protobuf' }]) {
  test(`lines in ${written.encoding} are read as they were by an agent that serves pushes`, async (t) => {
    const sent = [
      { tag: 'log', record: { bus: 'can0', level: 'info', n: 1, trace: 'x' }, time },
      { tag: 'log', record: { log: 'plain', labels: { bus: 'can1' } }, time },
    ]
    const labels = { labels: { bus: '$bus' }, label_keys: '$level', structured_metadata: { trace: '$trace' } }
    const output = { name: 'loki', ...labels, remove_keys: ['trace', 'bus'], ...written }
    const events = await delivered(t, { sent, output })
    assert.deepEqual(
      events.map(({ record, time: at }) => [record, at]),
      [
        [{ log: '{"n":1}', labels: { bus: 'can0', level: 'info' }, structured_metadata: { trace: 'x' } }, time],
        [{ log: 'plain', labels: { bus: 'can1' } }, time],
      ],
    )
  })
}

test('the lines of each tenant are a push of their own', async (t) => {
  const server = await new HttpDestination().listen()
  t.after(() => server.close())
  const labels = { labels: { job: 'a' }, remove_keys: 'tenant' }
  const { push } = await sending(t, { name: 'loki', port: server.port, tenant_id: 'fleet-$tenant', ...labels })
  await Promise.all([1, 2, 1].map((tenant, n) => push({ tag: 'log', record: { tenant, n }, time })))
  const pushes = server.requests.map(({ headers, body }) => {
    const { streams } = JSON.parse(body.toString()) as { streams: { values: [string, string][] }[] }
    return [headers['x-scope-orgid'], streams.flatMap(({ values }) => values.map(([, line]) => line))]
  })
  assert.deepEqual(pushes, [
    ['fleet-1', ['{"n":0}', '{"n":2}']],
    ['fleet-2', ['{"n":1}']],
  ])
})

test('a compression of what is compressed already is told when the output is made', async (t) => {
  await assert.rejects(sending(t, { name: 'loki', encoding: 'protobuf', compress: 'gzip' }), /compressed with Snappy/)
})
