import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'

import { encode } from '@msgpack/msgpack'

import type { EventRecord } from '../../src/event/event.js'
import { ingesting } from '../support/http-ingest.js'

const json = { 'content-type': 'application/json' }

interface Body {
  readonly name: string
  readonly type: string
  readonly body: string | Uint8Array
  readonly records: readonly EventRecord[]
}

const bodies: readonly Body[] = [
  { name: 'a JSON object', type: 'application/json', body: '{"a":1}', records: [{ a: 1 }] },
  { name: 'a JSON array', type: 'application/json', body: '[{"a":1},{"b":[2]}]', records: [{ a: 1 }, { b: [2] }] },
  {
    name: 'JSON values one behind the other, as Fluent Bit sends json_lines and json_stream',
    type: 'application/json',
    body: '{"a":1}\n{"a":2}{"a":3}\r\n[{"a":4},{"a":5}]\n',
    records: [1, 2, 3, 4, 5].map((a) => ({ a })),
  },
  { name: 'no events at all', type: 'application/json', body: '[]', records: [] },
  {
    name: 'JSON of another name, with a charset',
    type: 'Application/vnd.device+JSON; charset=utf-8',
    body: '{"a":9007199254740993}',
    records: [{ a: 9007199254740993n }],
  },
  { name: 'ndjson', type: 'application/x-ndjson', body: '{"a":1}\n\n{"a":2}\r\n', records: [{ a: 1 }, { a: 2 }] },
  { name: 'a msgpack map', type: 'application/msgpack', body: encode({ a: 1 }), records: [{ a: 1 }] },
  {
    name: 'a msgpack stream',
    type: 'application/msgpack',
    body: Buffer.concat([encode({ a: 1 }), encode({ a: 2 })]),
    records: [{ a: 1 }, { a: 2 }],
  },
  {
    name: 'a msgpack array',
    type: 'application/x-msgpack',
    body: encode([{ a: 1 }, { a: 2 }]),
    records: [{ a: 1 }, { a: 2 }],
  },
  { name: 'CSV', type: 'text/csv', body: 'a,b\n1,"x\ny"\n', records: [{ a: '1', b: 'x\ny' }] },
  {
    name: 'lines of text in Latin-1, that say so',
    type: 'text/plain; charset="ISO-8859-1"',
    body: Buffer.from('Gr\u00fc\u00dfe\n\u00e9\n', 'latin1'),
    records: [{ log: 'Gr\u00fc\u00dfe' }, { log: '\u00e9' }],
  },
  {
    name: 'CSV in UTF-16, that says so',
    type: 'text/csv;charset=utf-16le;header=present',
    body: Buffer.from('a,b\n1,\u20ac\n', 'utf16le'),
    records: [{ a: '1', b: '\u20ac' }],
  },
  { name: 'lines of text', type: 'text/plain', body: 'one\ntwo\n', records: [{ log: 'one' }, { log: 'two' }] },
  {
    name: 'a form',
    type: 'application/x-www-form-urlencoded',
    body: 'a=1&b=x+y%21',
    records: [{ a: '1', b: 'x y!' }],
  },
]

describe('what is posted becomes events', () => {
  for (const { name, type, body, records } of bodies) {
    test(name, async (t) => {
      const input = await ingesting(t)
      const { status, text } = await input.post('/app.log', body, { 'content-type': type })
      assert.deepEqual([status, text], [201, ''])
      assert.deepEqual(input.records, records)
      assert.ok(input.events.every(({ tag }) => tag === 'app.log'))
    })
  }

  const compressed: readonly (readonly [encoding: string, bytes: Uint8Array])[] = [
    ['gzip', gzipSync('{"a":1}')],
    ['deflate', deflateSync('{"a":1}')],
    ['deflate', deflateRawSync('{"a":1}')],
    ['br', brotliCompressSync('{"a":1}')],
    ['gzip', Buffer.concat([gzipSync('{"a"'), gzipSync(':1}'), Buffer.alloc(9)])],
    ['gzip, br', brotliCompressSync(gzipSync('{"a":1}'))],
    ['identity', Buffer.from('{"a":1}')],
  ]
  for (const [encoding, bytes] of compressed) {
    test(`compressed with ${encoding}`, async (t) => {
      const input = await ingesting(t)
      assert.equal((await input.post('/', bytes, { ...json, 'content-encoding': encoding })).status, 201)
      assert.deepEqual(input.records, [{ a: 1 }])
    })
  }
})

describe('the tag', () => {
  test('is the path, as Fluent Bit has it, else that of the input', async (t) => {
    const { post, events } = await ingesting(t, { input: { tag: 'field' } })
    for (const path of ['/', '/app.log', '/a/b-c?d=e']) await post(path, '{}')
    assert.deepEqual(
      events.map(({ tag }) => tag),
      ['field', 'app.log', 'a_b_c'],
    )
  })

  test('comes from a header or a field of the record where the options say so', async (t) => {
    const { post, events } = await ingesting(t, { input: { tag_header: 'X-Tag', tag_key: 'kind' } })
    await post('/path', '[{"kind":"one"},{"kind":"two"},{"kind":7},{}]', { ...json, 'x-tag': 'head' })
    const tagsOf = events.map(({ tag, record }) => `${tag} ${JSON.stringify(record)}`)
    assert.deepEqual(tagsOf.toSorted(), ['head {"kind":7}', 'head {}', 'one {"kind":"one"}', 'two {"kind":"two"}'])
  })
})

test('a small body of events that share much is refused where all of them are too long: 413', async (t) => {
  const { post, agent } = await ingesting(t, { input: { max_inflated_size: '1MB' } })
  const values = Array.from({ length: 200 }, (_, n) => [`${1_700_000_000_000_000_000n + BigInt(n)}`, 'x'])
  const body = JSON.stringify({ streams: [{ stream: { label: 'l'.repeat(10_000) }, values }] })
  const { status, text } = await post('/loki/api/v1/push', body)
  assert.equal(status, 413)
  assert.match(text, /at most 1000000 bytes in all/)
  assert.equal(agent.ledger.inputs['http.0']?.accepted, 0)
})

test('fields of the request go into each record where the options say so', async (t) => {
  const input = { add_remote_addr: true, header_fields: 'X-Device', query_fields: true }
  const ingest = await ingesting(t, { input })
  await ingest.post('/?site=north&floor=1&floor=2', '[{"a":1},{"a":2}]', { ...json, 'x-device': 'd7' })
  const fields = { site: 'north', floor: ['1', '2'], 'x-device': 'd7', REMOTE_ADDR: '127.0.0.1' }
  assert.deepEqual(ingest.records, [
    { a: 1, ...fields },
    { a: 2, ...fields },
  ])
})

test('the status and headers of a yes are those of the options', async (t) => {
  const { post } = await ingesting(t, { input: { successful_response_code: '204', success_header: ['X-Taken yes'] } })
  const { status, headers } = await post('/', '{}')
  assert.deepEqual([status, headers.get('x-taken')], [204, 'yes'])
})

test('yes is said only once the output has it', async (t) => {
  let letGo = (): void => undefined
  const held = new Promise<void>((resolve) => (letGo = resolve))
  let given = (): void => undefined
  const isGiven = new Promise<void>((resolve) => (given = resolve))
  const input = await ingesting(t, {
    deliver: () => {
      given()
      return held
    },
  })
  let answered = false
  const answer = input.post('/', '{"a":1}').finally(() => (answered = true))
  await isGiven
  await fetch(`${input.url}/health`)
  assert.equal(answered, false)
  letGo()
  assert.equal((await answer).status, 201)
  assert.deepEqual(input.records, [{ a: 1 }])
})

test('while there is no room the answer is 503 with Retry-After, and what was not taken is not lost in silence', async (t) => {
  let letGo = (): void => undefined
  const held = new Promise<void>((resolve) => (letGo = resolve))
  const input = await ingesting(t, {
    input: { ack: 'received', max_body_size: '1MiB' },
    service: { memory_limit: '1MiB' },
    deliver: () => held,
  })
  const body = JSON.stringify(Array.from({ length: 1000 }, (_, n) => ({ n, text: 'x'.repeat(90) })))
  let taken = 0
  let answer = await input.post('/', body)
  for (; answer.status === 201; answer = await input.post('/', body)) taken += 1000
  assert.deepEqual([answer.status, answer.headers.get('retry-after')], [503, '1'])
  letGo()
  for (; answer.status !== 201; answer = await input.post('/', body));
  const { accepted, dropped } = input.agent.ledger.inputs['http.0'] ?? assert.fail()
  assert.equal(accepted - (dropped['memory_full'] ?? 0), taken + 1000)
})
