import assert from 'node:assert/strict'
import { test } from 'node:test'
import { EntryWriter } from '../../../src/event/entry-writer.js'
import { JsonEntries } from '../../../src/event/json-entries.js'

test('a body that breaks off is refused wherever it ends, with nothing told of the body before', () => {
  const entries = new JsonEntries(new EntryWriter())
  const time = { seconds: 5, nanoseconds: 0 }
  const body = Buffer.from(String.raw`{"a":[1,true,"b\n",{"c":-0.5e1}]}`)
  for (let end = 0; end < body.length; end++) {
    entries.writeText(Buffer.from(`{"before":"${'5'.repeat(50)}"}`), time)
    assert.throws(
      () => entries.writeText(body.subarray(0, end), time),
      ({ message }: Error) => !message.includes('55'),
    )
  }
})
