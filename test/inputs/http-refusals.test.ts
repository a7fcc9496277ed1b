import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'

import { encode } from '@msgpack/msgpack'

import { ingesting } from '../support/http-ingest.js'
import { say } from '../support/raw-client.js'

const json = { 'content-type': 'application/json' }

interface Refusal {
  readonly name: string
  readonly status: number
  readonly method?: string
  readonly path?: string
  readonly body?: string | Uint8Array
  readonly headers?: Record<string, string>
  readonly input?: { readonly [option: string]: unknown }
  readonly detail: RegExp
  readonly fields?: { readonly [name: string]: number }
}

const bomb = gzipSync(Buffer.alloc(2_000_000))
const refusals: readonly Refusal[] = [
  {
    name: 'JSON that is none',
    status: 400,
    body: '[{"a":1},{"a":]',
    detail: /event 1: json: expected a value at byte 14/,
    fields: { index: 1, offset: 14 },
  },
  { name: 'JSON that is no record', status: 400, body: '[{"a":1},7]', detail: /event 1/, fields: { index: 1 } },
  { name: 'an empty body of JSON', status: 400, body: '', detail: /got the end/ },
  {
    name: 'a line of ndjson that is none',
    status: 400,
    headers: { 'content-type': 'application/x-ndjson' },
    body: '{"a":1}\n{"a":2}\nx\n',
    detail: /event 2/,
    fields: { index: 2 },
  },
  {
    name: 'a msgpack map behind another, that is cut short',
    status: 400,
    headers: { 'content-type': 'application/msgpack' },
    body: Buffer.concat([encode({ a: 1 }), encode({ a: 2 }).subarray(0, 2)]),
    detail: /^event 1: /,
    fields: { index: 1 },
  },
  {
    name: 'a msgpack list with something else in it',
    status: 400,
    headers: { 'content-type': 'application/msgpack' },
    body: encode([{ a: 1 }, { a: 2 }, 7]),
    detail: /^event 2: msgpack: expected a map/,
    fields: { index: 2 },
  },
  {
    name: 'a row of CSV that is too long',
    status: 400,
    headers: { 'content-type': 'text/csv' },
    body: 'a,b\n1,2\n3,4\n5,6,7\n',
    detail: /^event 2: csv: expected at most 2 values/,
    fields: { index: 2 },
  },
  {
    name: 'a quote that CSV leaves open',
    status: 400,
    headers: { 'content-type': 'text/csv' },
    body: 'a,b\n1,2\n3,"4\n',
    detail: /^event 1: csv: expected a closing quote/,
    fields: { index: 1 },
  },
  {
    name: 'a charset that nobody knows',
    status: 415,
    headers: { 'content-type': 'text/plain; charset=klingon' },
    detail: /charset.*"klingon"/,
  },
  {
    name: 'text that is not of its charset',
    status: 400,
    headers: { 'content-type': 'text/plain; charset=shift_jis' },
    body: Buffer.of(0x61, 0xff),
    detail: /expected text in shift_jis/,
  },
  ...[
    { encoding: 'gzip', bytes: gzipSync('{"a":1}') },
    { encoding: 'deflate', bytes: deflateSync('{"a":1}') },
    { encoding: 'deflate', bytes: deflateRawSync('{"a":1}') },
    { encoding: 'br', bytes: brotliCompressSync('{"a":1}') },
  ].map(({ encoding, bytes }) => ({
    name: `a body of ${encoding} with something behind it, which nobody would read`,
    status: 400,
    headers: { ...json, 'content-encoding': encoding },
    body: Buffer.concat([bytes, Buffer.from('more')]),
    detail: /nothing behind it/,
  })),
  {
    name: 'events that are longer than their text may be',
    status: 413,
    body: `[${Array.from({ length: 200 }, () => '{}').join(',')}]`,
    input: { max_inflated_size: '1KiB' },
    detail: /events of at most 1024 bytes/,
  },
  {
    name: 'a body that is not compressed as it says',
    status: 400,
    headers: { ...json, 'content-encoding': 'gzip' },
    body: '{"a":1}',
    detail: /expected gzip/,
  },
  {
    name: 'what is too long once it is decompressed',
    status: 413,
    headers: { ...json, 'content-encoding': 'gzip' },
    body: bomb,
    input: { max_inflated_size: '1MB' },
    detail: /at most 1000000 bytes once it is decompressed/,
  },
  { name: 'what is too long', status: 413, body: 'x'.repeat(5000), input: { max_body_size: 4096 }, detail: /4096/ },
  { name: 'a type that nobody reads', status: 415, headers: { 'content-type': 'image/png' }, detail: /"image\/png"/ },
  {
    name: 'an encoding that nobody reads',
    status: 415,
    headers: { ...json, 'content-encoding': 'compress' },
    detail: /expected one of gzip, deflate, br/,
  },
  { name: 'another method', status: 405, method: 'DELETE', detail: /expected POST, got DELETE/ },
  {
    name: 'a path that is none, where paths are no tags',
    status: 404,
    path: '/nowhere',
    input: { tag_from_path: false },
    detail: /nothing here/,
  },
]

describe('what is refused is refused whole, and says why', () => {
  for (const { name, status, method = 'POST', path = '/', headers = json, input, ...refusal } of refusals) {
    test(`${name}: ${status}`, async (t) => {
      const ingest = await ingesting(t, input ? { input } : {})
      const body = method === 'POST' ? { body: refusal.body ?? '{"a":1}' } : {}
      const answer = await fetch(ingest.url + path, { method, headers, ...body })
      assert.equal(answer.status, status)
      assert.equal(answer.headers.get('content-type'), 'application/problem+json')
      const problem = (await answer.json()) as { readonly detail: string; readonly [name: string]: unknown }
      assert.match(problem.detail, refusal.detail)
      for (const [field, value] of Object.entries(refusal.fields ?? {})) assert.equal(problem[field], value, field)
      assert.equal((await ingest.post('/', '{"b":2}')).status, 201)
      assert.deepEqual(ingest.records, [{ b: 2 }])
      const { accepted, counters } = ingest.agent.ledger.inputs['http.0'] ?? assert.fail()
      assert.equal(accepted, 1, 'nothing of it was taken')
      assert.equal(status === 404 ? 1 : Object.values(counters).reduce((sum, n) => sum + n, 0), 1, 'it was counted')
    })
  }

  test('an encoding that nobody reads is refused before the body is asked for', async (t) => {
    const { port } = await ingesting(t)
    const head = 'POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Encoding: compress\r\n'
    const answer = await say(t, port, `${head}Content-Length: 5\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n`)
    assert.match(answer, /^HTTP\/1.1 415 /)
  })

  test('a POST that does not say how long it is: 411', async (t) => {
    const { port } = await ingesting(t)
    const answer = await say(
      t,
      port,
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n',
    )
    assert.match(answer, /^HTTP\/1.1 411 Length Required\r\n/)
  })
})
