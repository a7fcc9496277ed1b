import assert from 'node:assert/strict'
import { test } from 'node:test'
import output from '../../outputs/null/index.js'
import { batchOf } from '../support/batch.js'
import { optionsOf } from '../support/options.js'
import { RecordingOutputContext } from '../support/output-context.js'

test('takes every batch and counts its bytes', async () => {
  const context = new RecordingOutputContext()
  const made = await output.create(optionsOf(output), context)
  const batch = batchOf([{ record: { n: 1 } }, { record: { n: 2 } }])
  for (let flush = 0; flush < 3; flush++) await made.flush(batch, new AbortController().signal)
  assert.deepEqual(context.counted, { dropped_bytes: 3 * batch.bytes })
})
