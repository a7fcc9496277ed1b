import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import { ingesting } from '../support/http-ingest.js'

const json = 'application/json'
const ndjson = 'application/x-ndjson'

const bodies: readonly (readonly [type: string, body: string | Uint8Array])[] = [
  [json, '{"a":1}'],
  [json, '[{"a":1},[5.25,{"a":2}]]'],
  [json, '[[5.25,{"m":1}],{"a":1}]'],
  [json, '{"a":1}\n{"a":2}{"a":3}'],
  [json, '{"a":1},{"a":2}'],
  [json, '{"a":1}x'],
  [json, '[{"a":1},{"a":]'],
  [json, '[{"a":1},7]'],
  [json, '7'],
  [json, ''],
  [json, ' \r\n'],
  [json, '{"a":9007199254740993,"b":{"a":null},"a":1e400}'],
  [json, Buffer.from('{"a":"\u00fc"}', 'latin1')],
  [ndjson, '{"a":1}\n\n{"a":2}\r\n'],
  [ndjson, '{"a":1}{"a":2}\n'],
  [ndjson, '{"a":1}\n{"a":\n'],
  [ndjson, ''],
]

describe('options that need the records, or add to them, change nothing of what is taken and how it is answered', () => {
  for (const [type, body] of bodies)
    test(`${type} ${JSON.stringify(body.toString())}`, async (t) => {
      const plain = await ingesting(t)
      const answer = await plain.post('/', body, { 'content-type': type })
      for (const input of [{ tag_key: 'none' }, { query_fields: true }]) {
        const other = await ingesting(t, { input })
        const { status, text } = await other.post('/', body, { 'content-type': type })
        assert.deepEqual([status, text], [answer.status, answer.text])
        assert.deepEqual(other.records, plain.records)
      }
      assert.ok([201, 400].includes(answer.status))
    })
})
