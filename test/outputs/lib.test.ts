import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import lib from '../../outputs/lib/index.js'
import type { Event, EventRecord } from '../../src/event/event.js'
import type { Batch, Output } from '../../src/plugin/define.js'
import { PermanentError } from '../../src/plugin/errors.js'
import { outputContract } from '../contract/output.js'
import { batchOf } from '../support/batch.js'
import { optionsOf } from '../support/options.js'
import { RecordingOutputContext } from '../support/output-context.js'

type Callback = (events: Iterable<Event>, batch: Batch, signal: AbortSignal) => unknown

async function outputTo(callback: Callback): Promise<Output> {
  return lib.create(optionsOf(lib, { callback }), new RecordingOutputContext())
}

outputContract(
  'lib',
  async () => {
    const taken: EventRecord[] = []
    const take: Callback = (events) => void taken.push(...Array.from(events, ({ record }) => record))
    let callback = take
    return {
      output: await outputTo((...given) => callback(...given)),
      taken: () => taken,
      accept: () => void (callback = take),
      fail: () => {
        callback = () => Promise.reject(new Error('not now'))
      },
      refuse: () => {
        callback = () => {
          throw new PermanentError('TEST_REFUSED', 'never')
        }
      },
      hang: () => ({
        reached: new Promise((resolve) => {
          callback = async (_events, _batch, signal) => {
            resolve()
            await once(signal, 'abort')
            throw signal.reason
          }
        }),
      }),
      end: () => undefined,
    }
  },
  ['fail', 'refuse', 'hang'],
)

test('the callback gets each event with its tag and time, and the batch', async () => {
  const events: Event[] = []
  const batches: Batch[] = []
  const output = await outputTo((given, batch) => {
    events.push(...given)
    batches.push(batch)
  })
  const batch = batchOf([
    { tag: 'a', seconds: 7, nanoseconds: 8, record: { n: 2n ** 63n } },
    { tag: 'b', record: {} },
  ])
  await output.flush(batch, new AbortController().signal)
  assert.deepEqual(events, [
    { tag: 'a', time: { seconds: 7, nanoseconds: 8 }, record: { n: 2n ** 63n } },
    { tag: 'b', time: { seconds: 0, nanoseconds: 0 }, record: {} },
  ])
  assert.deepEqual(batches, [batch])
})

test('a callback that is no function is told when the output is made', () => {
  const create = (): unknown => lib.create(optionsOf(lib, { callback: 'print' }), new RecordingOutputContext())
  assert.throws(create, { code: 'LIB_CALLBACK', message: /^callback: expected a function, got string/ })
})
