import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { judgeBulk } from '../../outputs/es/judge.js'
import { AgentError } from '../../src/plugin/errors.js'
import { HttpDestination, type Received } from '../support/http-destination.js'
import { status } from '../support/http-output.js'
import { ingesting } from '../support/http-ingest.js'
import { delivered, sending } from '../support/preset-pair.js'

const time = { seconds: 1_700_000_000, nanoseconds: 123_000_000 }

test('what is indexed is read by an agent that serves bulk requests', async (t) => {
  const sent = [
    { tag: 'car.can', record: { n: 1 }, time },
    { tag: 'car.can', record: { n: 2, '@timestamp': '2023-11-14T22:13:21Z' }, time },
  ]
  const output = { name: 'es', include_tag_key: 'on', compress: 'gzip', http_api_key: 'secret' }
  const events = await delivered(t, { sent, output })
  assert.deepEqual(
    events.map(({ record: { n, 'flb-key': tag }, time: at }) => [n, tag, at.seconds]),
    [
      [1, 'car.can', 1_700_000_000],
      [2, 'car.can', 1_700_000_001],
    ],
  )
})

test('requests name the index, the action and the id as the options have it', async (t) => {
  const server = await new HttpDestination().listen()
  t.after(() => server.close())
  server.answer = status(200, {}, '{"errors":false}')
  const named = { logstash_format: 'on', logstash_prefix: 'car-$TAG[1]', id_key: 'id', write_operation: 'index' }
  const { push } = await sending(t, { name: 'es', port: server.port, path: '/search/', pipeline: 'p', ...named })
  await push({ tag: 'car.can', record: { id: 'a1' }, time })
  const [request] = server.requests
  const { pathname, searchParams } = new URL(request?.url ?? '', 'http://x')
  assert.deepEqual([pathname, searchParams.get('pipeline')], ['/search/_bulk', 'p'])
  assert.equal(documentsOf(request)[0]?.action, '{"index":{"_index":"car-can-2023.11.14","_id":"a1"}}')
})

describe('where a part of the documents is refused', () => {
  test('these alone are given up, each with its reason; what there was no room for comes again', async (t) => {
    const server = await new HttpDestination().listen()
    t.after(() => server.close())
    const taken: number[] = []
    let busy = true
    server.answer = (request, response) => {
      const items = documentsOf(request).map(({ n }) => {
        if (n === 2)
          return { create: { status: 400, error: { type: 'document_parsing_exception', reason: 'no date' } } }
        if (n === 3 && busy) return { create: { status: 429, error: { type: 'es_rejected_execution_exception' } } }
        taken.push(n)
        return { create: { status: n === 4 ? 409 : 201 } }
      })
      busy = false
      status(200, {}, JSON.stringify({ errors: true, items }))(request, response)
    }
    const { push, agent } = await sending(t, { name: 'es', port: server.port })
    await Promise.allSettled([1, 2, 3, 4].map((n) => push({ tag: 't', record: { n }, time })))
    assert.deepEqual(taken, [1, 4, 3])
    const { delivered: got, dropped } = agent.ledger.outputs['es.0'] ?? {}
    assert.deepEqual([got, dropped], [3, { refused: 1 }])
  })

  test('documents of which an answer does not say all are sent again, fewer at a time', async (t) => {
    const server = await new HttpDestination().listen()
    t.after(() => server.close())
    const reason = `version conflict, document already exists ${'.'.repeat(1024 * 1024)}`
    server.answer = (request, response) => {
      const error = { type: 'version_conflict_engine_exception', reason }
      const items = documentsOf(request).map(() => ({ create: { status: 409, error } }))
      status(200, {}, JSON.stringify({ errors: true, items }))(request, response)
    }
    const { push, agent } = await sending(t, { name: 'es', port: server.port })
    await Promise.all([1, 2, 3, 4, 5].map((n) => push({ tag: 't', record: { n }, time })))
    assert.deepEqual(
      server.requests.map((request) => documentsOf(request).map(({ n }) => n)),
      [
        [1, 2, 3, 4, 5],
        [1, 2],
        [3, 4, 5],
      ],
    )
    assert.equal(agent.ledger.outputs['es.0']?.delivered, 5)
  })

  test('a real agent that serves bulk requests says so of a document that is none', async (t) => {
    const { port, events } = await ingesting(t)
    const { push, agent } = await sending(t, { name: 'es', port })
    await push({ tag: 't', record: { '@timestamp': 'never' }, time }).catch(() => undefined)
    await push({ tag: 't', record: { n: 1 }, time })
    assert.deepEqual(
      events.map(({ record }) => record['n']),
      [1],
    )
    assert.deepEqual(agent.ledger.outputs['es.0']?.dropped, { refused: 1 })
  })
})

const unreadable: readonly [name: string, text: string, told: RegExp][] = [
  ['no JSON', '<html>', /expected the answer to a bulk request/],
  ['no object', '[]', /no object/],
  ['items for others', '{"errors":true,"items":[{"create":{"status":201}}]}', /items for 1 of 2 documents/],
  ['an item without a status', '{"errors":true,"items":[{"create":{}},{}]}', /an item without a status/],
]

test('an answer that is none is a reason to try again', async (t) => {
  assert.ok(unreadable.length > 0)
  for (const [name, text, told] of unreadable) {
    await t.test(name, () => {
      const verdict = judgeBulk({ status: 200, headers: {}, text }, { where: 'w', nowMs: 0, count: 2 })
      assert.ok(verdict instanceof AgentError)
      assert.match(verdict.message, told)
    })
  }
})

function documentsOf(request: Received | undefined): { readonly action: string; readonly n: number }[] {
  const lines = String(request?.body).trimEnd().split('\n')
  return lines.flatMap((action, at) => {
    if (at % 2 === 1) return []
    const { n } = JSON.parse(lines[at + 1] ?? '') as { n: number }
    return [{ action, n }]
  })
}
