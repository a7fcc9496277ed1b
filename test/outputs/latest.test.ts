import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import latest from '../../outputs/latest/index.js'
import { batchOf } from '../support/batch.js'
import { FakeClock } from '../support/fake-clock.js'
import { optionsOf } from '../support/options.js'
import { RecordingOutputContext } from '../support/output-context.js'

async function made(raw: { readonly [option: string]: unknown } = {}) {
  const clock = new FakeClock()
  const context = new RecordingOutputContext(clock)
  const output = await latest.create(optionsOf(latest, raw), context)
  const flush = (...samples: Parameters<typeof batchOf>[0]) =>
    output.flush(batchOf(samples), AbortSignal.timeout(10_000))
  const all = (): unknown[] => context.latest.list('').map(({ tag, series, record }) => [tag, series, record])
  return { clock, context, flush, all }
}

describe('the output latest', () => {
  it('keeps the last event of each tag, with its time', async () => {
    const { context, flush, all } = await made()
    await flush(
      { tag: 'a', record: { n: 1 } },
      { tag: 'a', seconds: 7, record: { n: 2 } },
      { tag: 'b', record: { n: 3 } },
    )
    assert.deepEqual(all(), [
      ['a', '', { n: 2 }],
      ['b', '', { n: 3 }],
    ])
    assert.deepEqual(context.latest.get('a')?.time, { seconds: 7, nanoseconds: 0 })
    await flush({ tag: 'a', record: { n: 4 } })
    assert.deepEqual(context.latest.get('a')?.record, { n: 4 })
  })

  it('keeps one for each series, and the fields that are asked for', async () => {
    const { flush, all } = await made({ series: '$bus/$name', fields: ['value', 'unit'] })
    const signal = (name: string, value: number) => ({ record: { bus: 'can0', name, value } })
    await flush(signal('speed', 80), signal('fuel', 44), signal('speed', 81))
    assert.deepEqual(all(), [
      ['test', 'can0/speed', { value: 81 }],
      ['test', 'can0/fuel', { value: 44 }],
    ])
  })

  it('forgets what no newer one follows', async () => {
    const { clock, flush, all } = await made({ ttl: '10s' })
    await flush({ record: { n: 1 } })
    await clock.advance(9000)
    await flush({ tag: 'other', record: { n: 2 } })
    await clock.advance(1001)
    assert.deepEqual(all(), [['other', '', { n: 2 }]])
  })

  it('counts what is too large to be kept', async () => {
    const { context, flush, all } = await made()
    await flush({ record: { text: 'x'.repeat(100_000) } })
    assert.deepEqual([all(), context.counted], [[], { too_large: 1 }])
  })
})
