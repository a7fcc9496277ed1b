import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'

import fc from 'fast-check'

import http from '../../../inputs/http/index.js'
import { systemClock } from '../../../src/base/clock.js'
import { loadFormats } from '../../../src/engine/formats.js'
import { ingestStage, type IngestSettings } from '../../../src/ingest/index.js'
import type { Ack } from '../../../src/plugin/context.js'
import { startServer } from '../../support/http-server.js'
import { type AnyRequest, anyRequest } from '../../support/ingest-bodies.js'
import { RecordingInputContext } from '../../support/input-context.js'
import { optionsOf } from '../../support/options.js'
import { RecordingOutputContext } from '../../support/output-context.js'
import { pipelineOf } from '../../support/pipeline.js'

/** Takes all that it is given at once. */
class TakingContext extends RecordingInputContext {
  override emitEntries(tag: string, entries: Uint8Array, count: number, ack?: Ack): boolean {
    const room = super.emitEntries(tag, entries, count)
    ack?.()
    return room
  }
}

async function ingestServer(
  t: TestContext,
  raw: { readonly [option: string]: unknown },
): ReturnType<typeof startServer> {
  const pipeline = pipelineOf({ inputs: [['http', http]] })
  const formats = await loadFormats(pipeline, systemClock, new RecordingOutputContext())
  const context = new TakingContext(systemClock, (name, options) => formats.parser(name, options))
  const settings = { ...optionsOf(http, raw), tag: 'any' } as unknown as IngestSettings
  return startServer(t, { stages: [ingestStage(settings, context)], context })
}

function refusals(counted: { readonly [name: string]: number }): number {
  const reasons = Object.entries(counted).filter(([name]) => name.startsWith('refused_'))
  return reasons.reduce((sum, [, count]) => sum + count, 0)
}

for (const [how, options] of [
  ['as it is', {}],
  ['with fields of the request', { tag_key: 'a', query_fields: true, add_remote_addr: true }],
] as const) {
  test(`whatever is posted is taken, or refused with a reason that is counted (${how})`, async (t) => {
    const { url, context, stop } = await ingestServer(t, options)
    const seen = new Map<number, number>()
    const check = async ({ path, headers, body }: AnyRequest): Promise<void> => {
      const before = refusals(context.counted)
      const answer = await fetch(url + path, { method: 'POST', headers, body })
      await answer.arrayBuffer()
      seen.set(answer.status, (seen.get(answer.status) ?? 0) + 1)
      const isRefused = answer.status >= 400 && answer.status < 500
      assert.ok(isRefused || (answer.status >= 200 && answer.status < 300), String(answer.status))
      assert.equal(refusals(context.counted) - before, isRefused ? 1 : 0)
    }
    await fc.assert(fc.asyncProperty(anyRequest, check), { numRuns: 1000 })
    await stop()
    assert.equal(context.reserved, 0, 'what requests hold of the memory is given back')
    assert.equal(context.counted['failed_requests'], undefined)
    for (const status of [200, 201, 204, 400, 415]) assert.ok(seen.has(status), `there is a ${status}`)
    assert.ok(context.events.length > 0)
  })
}
