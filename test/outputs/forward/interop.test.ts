import { EventTime, FluentServer } from '@fluent-org/logger'
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { afterEach, test } from 'node:test'
import forward from '../../../outputs/forward/index.js'
import { batchOf } from '../../support/batch.js'
import { optionsOf } from '../../support/options.js'
import { RecordingOutputContext } from '../../support/output-context.js'

const forever = new AbortController().signal
const ended: (() => Promise<void> | undefined)[] = []

afterEach(async () => {
  for (const end of ended.splice(0).toReversed()) await end()
})

/** A server written by others, and an output that sends to it. */
async function pair(options: { readonly [name: string]: unknown } = {}) {
  const server = new FluentServer()
  await server.listen()
  ended.push(() => server.close())
  const entries: [string, unknown, unknown][] = []
  server.on('entry', (tag: string, time: unknown, record: unknown) => entries.push([tag, time, record]))
  const output = await forward.create(
    optionsOf(forward, { port: server.port, ...options }),
    new RecordingOutputContext(),
  )
  ended.push(() => output.close?.())
  return { server, entries, output }
}

const samples = Array.from({ length: 3000 }, (_, n) => ({
  tag: `vehicle.${Math.floor(n / 700)}`,
  seconds: 1_764_000_000 + n,
  nanoseconds: n * 333_333,
  record: { n, text: `grün ${n}`, nested: { list: [n, null, true, -1.5] } },
}))
const expected = samples.map(({ tag, seconds, nanoseconds, record }) => [
  tag,
  new EventTime(seconds, nanoseconds),
  record,
])

for (const options of [{}, { compress: 'gzip' }]) {
  test(`every event arrives with its nanoseconds, ${JSON.stringify(options)}`, async () => {
    const { entries, output } = await pair(options)
    await output.flush(batchOf(samples), forever)
    assert.deepEqual(entries, expected)
  })
}

test('events arrive without acknowledgement', async () => {
  const { server, entries, output } = await pair({ require_ack_response: false })
  await output.flush(batchOf(samples), forever)
  while (entries.length < samples.length) await once(server, 'entry')
  assert.deepEqual(entries, expected)
})

test('integer times arrive as whole seconds', async () => {
  const { entries, output } = await pair({ time_as_integer: true })
  await output.flush(batchOf(samples.slice(0, 3)), forever)
  assert.deepEqual(
    entries,
    samples.slice(0, 3).map(({ tag, seconds, record }) => [tag, seconds, record]),
  )
})
