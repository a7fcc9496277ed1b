import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'

import { PbfWriter } from 'pbf'
import pino from 'pino'
import { pinoLoki } from 'pino-loki'
import { compress } from 'snappyjs'

import { ingesting } from '../support/http-ingest.js'

test('a logger pushes its lines with pino-loki, alone and many at once', async (t) => {
  const { url, events, agent } = await ingesting(t, { input: { tag: 'logs' } })
  for (const batching of [false, { interval: 60 }] as const) {
    const stream = pinoLoki({ host: url, labels: { job: 'gateway' }, structuredMetaKey: 'meta', batching })
    const logger = pino({ base: { hostname: 'gw1' }, timestamp: () => ',"time":1700000000123' }, stream)
    logger.info({ meta: { trace_id: '0242' } }, 'the link is up')
    logger.warn('the link is weäk')
    stream.end()
    await once(stream, 'close')
  }
  const labels = (level: string): object => ({ job: 'gateway', hostname: 'gw1', level })
  const told = events.map(({ tag, time, record: { log, ...rest } }) => ({
    tag,
    time,
    message: messageIn(log),
    ...rest,
  }))
  const common = { tag: 'logs', time: { seconds: 1_700_000_000, nanoseconds: 123_000_000 } }
  const expected = [
    { ...common, message: 'the link is up', labels: labels('info'), structured_metadata: { trace_id: '0242' } },
    { ...common, message: 'the link is weäk', labels: labels('warning') },
  ]
  assert.deepEqual(
    told.toSorted((a, b) => a.message.localeCompare(b.message)),
    [expected[0], expected[0], expected[1], expected[1]],
  )
  assert.deepEqual(agent.ledger.inputs['http.0']?.counters, {})
})

function messageIn(line: unknown): string {
  return (JSON.parse(String(line)) as { readonly msg: string }).msg
}

test('a push of protocol buffers is understood, whether or not its headers tell of Snappy', async (t) => {
  const { post, events } = await ingesting(t)
  const type = { 'content-type': 'application/x-protobuf' }
  for (const headers of [type, { ...type, 'content-encoding': 'snappy' }]) {
    const { status, text } = await post('/loki/api/v1/push', pushOf('{job="gateway"}', 'up'), headers)
    assert.deepEqual([status, text], [204, ''])
  }
  const record = { log: 'up', labels: { job: 'gateway' } }
  assert.deepEqual(
    events.map((event) => event.record),
    [record, record],
  )
})

test('what is refused is told in plain text, as Loki does', async (t) => {
  const { post, events } = await ingesting(t, { input: { max_inflated_size: '1KiB' } })
  const push = (body: string | Uint8Array, type: string): ReturnType<typeof post> =>
    post('/loki/api/v1/push', body, { 'content-type': type })
  const refusals = [
    [await push('{"streams":[{"stream":{},"values":[["now","x"]]}]}', 'application/json'), 400, /event 0: .*"now"/],
    [await push(pushOf('{job=gateway}', 'x'), 'application/x-protobuf'), 400, /event 0: .*\{job="a"\}/],
    [await push(pushOf('{}', 'x'.repeat(2000)), 'application/x-protobuf'), 413, /at most 1024 bytes/],
    [await push('x', 'text/plain'), 415, /application\/x-protobuf, got "text\/plain"/],
  ] as const
  for (const [answer, status, told] of refusals) {
    assert.equal(answer.status, status)
    assert.equal(answer.headers.get('content-type'), 'text/plain; charset=utf-8')
    assert.match(answer.text, told)
  }
  assert.deepEqual(events, [])
})

function pushOf(labels: string, line: string): Uint8Array {
  const push = new PbfWriter()
  push.writeMessage(
    1,
    (_, stream) => {
      stream.writeStringField(1, labels)
      stream.writeMessage(2, (_entry, entry) => entry.writeStringField(2, line), undefined)
    },
    undefined,
  )
  return compress(push.finish())
}
