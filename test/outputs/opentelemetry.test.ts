import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { PbfWriter } from 'pbf'
import { judgeExport } from '../../outputs/opentelemetry/judge.js'
import { HttpDestination } from '../support/http-destination.js'
import { RecordingOutputContext } from '../support/output-context.js'
import { delivered, sending } from '../support/preset-pair.js'

const time = { seconds: 1_700_000_000, nanoseconds: 123_456_789 }

for (const encoding of ['protobuf', 'json']) {
  test(`logs in ${encoding} are read by an agent that serves OTLP`, async (t) => {
    const sent = [
      { tag: 'log', record: { log: 'the link is up', level: 'warning', port: 'eth0' }, time },
      { tag: 'log', record: { log: 'the link is down', port: 'eth1' }, time },
    ]
    const more = { body_key: 'log', severity_key: 'level', resource_attributes: { 'service.name': 'gateway' } }
    const events = await delivered(t, { sent, output: { name: 'opentelemetry', encoding, compress: 'gzip', ...more } })
    assert.deepEqual(
      events.map(({ record: { body, severity_text: word, resource, attributes }, time: at }) => ({
        ...{ body, word, resource, attributes, at },
      })),
      [
        {
          body: 'the link is up',
          word: 'warning',
          resource: { 'service.name': 'gateway' },
          attributes: { level: 'warning', port: 'eth0' },
          at: time,
        },
        {
          body: 'the link is down',
          word: undefined,
          resource: { 'service.name': 'gateway' },
          attributes: { port: 'eth1' },
          at: time,
        },
      ],
    )
  })

  test(`metrics in ${encoding} are read by an agent that serves OTLP`, async (t) => {
    const sent = [{ tag: 'host.cpu', record: { cpu_p: 12.5, name: 'x' }, time }]
    const output = { name: 'opentelemetry', encoding, signal: 'metrics', labels: { site: 'north' } }
    const [event, ...others] = await delivered(t, { sent, output })
    assert.deepEqual([event?.record['name'], event?.record['value'], event?.time], ['host.cpu.cpu_p', 12.5, time])
    assert.deepEqual(event?.record['attributes'], { site: 'north' })
    assert.deepEqual(others, [])
  })
}

/** ExportLogsServiceResponse with its partial success. */
function response(rejected: number, reason: string): Uint8Array {
  const pbf = new PbfWriter()
  pbf.writeMessage(
    1,
    (_, writer) => {
      writer?.writeVarintField(1, rejected)
      writer?.writeStringField(2, reason)
    },
    pbf,
  )
  return pbf.finish()
}

const about = { where: 'w', nowMs: 0, count: 300 }

test('what a collector says that it did not take is counted, and refused where it took nothing', () => {
  const context = new RecordingOutputContext()
  const answers = [
    ['protobuf', (rejected: number) => ({ text: '', bytes: response(rejected, 'too old') })],
    ['json', (rejectedLogRecords: number) => ({ text: json({ rejectedLogRecords }) })],
    ['json', (rejectedDataPoints: number) => ({ text: json({ rejectedDataPoints: String(rejectedDataPoints) }) })],
  ] as const
  for (const [encoding, answer] of answers) {
    const judged = (rejected: number) =>
      judgeExport({ status: 200, headers: {}, ...answer(rejected) }, about, { encoding, signal: 'logs', context })
    context.counted['rejected'] = 0
    assert.equal(judged(200), undefined)
    assert.deepEqual(context.counted, { rejected: 200 })
    const all = judged(300)
    assert.ok(typeof all === 'object' && 'refused' in all)
    assert.equal(all.refused.size, 300)
    assert.equal(all.refused.get(299), 'w: 300 were rejected: "too old"')
  }
})

test('as many rejected data points as there are events may be those of one event: none goes to the dead letter for others', () => {
  const context = new RecordingOutputContext()
  const answer = { status: 200, headers: {}, text: json({ rejectedDataPoints: '300' }) }
  assert.equal(judgeExport(answer, about, { encoding: 'json', signal: 'metrics', context }), undefined)
  assert.deepEqual(context.counted, { rejected: 300 })
})

function json(part: object): string {
  return JSON.stringify({ partialSuccess: { ...part, errorMessage: 'too old' } })
}

test('an answer that says nothing, or nothing that can be read, means that all was taken', () => {
  const context = new RecordingOutputContext()
  for (const text of ['', '{}', '{"partialSuccess":{}}', '<html>'])
    for (const encoding of ['json', 'protobuf'] as const)
      assert.equal(
        judgeExport({ status: 200, headers: {}, text, bytes: Buffer.from(text) }, about, {
          encoding,
          signal: 'logs',
          context,
        }),
        undefined,
      )
  assert.deepEqual(context.counted, {})
})

test('what a collector says in an answer that is compressed though nobody asked for it is counted too', async (t) => {
  const server = await new HttpDestination().listen()
  t.after(() => server.close())
  server.answer = (_request, answer) =>
    void answer.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(response(1, 'too old')))
  const { push, agent } = await sending(t, { name: 'opentelemetry', port: server.port })
  await push({ tag: 'log', record: { log: 'a line' }, time }).catch(() => undefined)
  assert.deepEqual(agent.ledger.outputs['opentelemetry.0']?.dropped, { refused: 1 })
})
