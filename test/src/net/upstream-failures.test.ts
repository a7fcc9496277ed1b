import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'

import { systemClock } from '../../../src/base/clock.js'
import { connect } from '../../../src/net/connect.js'
import type { Server } from '../../../src/net/server.js'
import { Upstream } from '../../../src/net/upstream.js'
import { blackHole } from '../../support/black-hole.js'
import { answerMs, deliver, MoodyServer } from '../../support/moody-server.js'
import { RecordingOutputContext } from '../../support/output-context.js'
import { freePort } from '../../support/ports.js'

const never = new AbortController().signal
function upstreamTo(t: TestContext, servers: readonly Server[], probeMs: number) {
  const context = new RecordingOutputContext(systemClock)
  const probe = async ({ target }: Server, signal: AbortSignal): Promise<void> => {
    const socket = await connect(target, { timeoutMs: answerMs, signal })
    socket.destroy()
  }
  const upstream = new Upstream({ servers, balance: 'failover', maxFailures: 1, probeMs, probe }, context)
  t.after(() => upstream.close())
  const flush = (line: string): Promise<void> => upstream.run(never, (server) => deliver(server, line, never))
  return { flush, context }
}

function at(port: number): Server {
  return { where: `127.0.0.1:${port}`, target: { host: '127.0.0.1', port }, weight: 1, isStandby: false }
}

const failures: readonly [how: string, first: (t: TestContext) => Promise<Server>, reason: RegExp][] = [
  ['refuses connections', async () => at(await freePort()), /ECONNREFUSED/],
  ['swallows every packet', async (t) => at(await blackHole(t)), /no answer within 150 ms/],
  [
    'takes what is sent and says nothing',
    async (t) => (await new MoodyServer(t, 'silent').open()).server,
    /said nothing/,
  ],
  [
    'hangs up in the middle',
    async (t) => (await new MoodyServer(t, 'cutting').open()).server,
    /closed the connection|ECONNRESET/,
  ],
]

for (const [how, first, reason] of failures)
  test(`a flush goes to the next server where the first ${how}, and so do those after it`, async (t) => {
    const primary = await first(t)
    const second = await new MoodyServer(t).open()
    const { flush, context } = upstreamTo(t, [primary, second.server], 60_000)
    await flush('one')
    await flush('two')
    assert.deepEqual(second.lines, ['one', 'two'])
    assert.deepEqual(context.counted, { failed_attempts: 1, failovers: 1 })
    assert.equal(context.log.lines[0]?.message, `server ${primary.where} is offline`)
    assert.match(String(context.log.lines[0]?.fields?.['reason']), reason)
  })

test('a server that is lost and comes back costs its sender no flush, and has all flushes again', async (t) => {
  const probeMs = 200
  const first = await new MoodyServer(t).open()
  const second = await new MoodyServer(t).open()
  const { flush, context } = upstreamTo(t, [first.server, second.server], probeMs)
  const flushes = async (until: () => boolean): Promise<void> => {
    for (let number = 0; number < 5 || !until(); number++) await flush(`line ${sent++}`)
  }
  let sent = 0
  await flushes(() => true)
  await first.close()
  await flushes(() => second.lines.length > 20)
  const [onFirst, onSecond] = [first.lines.length, second.lines.length]
  await first.open()
  const opened = systemClock.monotonic()
  await flushes(() => first.lines.length > onFirst)
  const returnedMs = systemClock.monotonic() - opened
  const last = second.lines.length
  await flushes(() => true)
  assert.equal(second.lines.length, last, 'the first one has all flushes again')
  assert.ok(onFirst === 5 && onSecond > 20 && last > onSecond)
  assert.deepEqual(
    [...first.lines, ...second.lines].sort(byNumber),
    Array.from({ length: sent }, (_, number) => `line ${number}`),
  )
  assert.deepEqual(context.counted, { failed_attempts: 1, failovers: 1 })
  assert.ok(returnedMs < probeMs * 1.25 + 5000, `it had them after ${Math.round(returnedMs)} ms`)
  t.diagnostic(`failback after ${Math.round(returnedMs)} ms, with probes every ${probeMs} ms`)
})

function byNumber(one: string, other: string): number {
  return Number(one.slice(5)) - Number(other.slice(5))
}

test('a server that takes connections but does nothing holds fewer and fewer flushes up', async (t) => {
  const probeMs = 200
  const first = await new MoodyServer(t, 'silent').open()
  const second = await new MoodyServer(t).open()
  const { flush, context } = upstreamTo(t, [first.server, second.server], probeMs)
  const back = (times: number): boolean =>
    context.log.lines.filter(({ message }) => message.endsWith('is back')).length >= times
  const waits: number[] = []
  for (let times = 1; times <= 3; times++) {
    const begun = systemClock.monotonic()
    await flush('held up')
    while (!back(times)) await flush('not held up')
    waits.push(systemClock.monotonic() - begun - answerMs)
  }
  const [one = 0, two = 0, three = 0] = waits
  assert.ok(
    one > probeMs * 0.7 && two > probeMs * 1.4 && three > probeMs * 2.8,
    `it was left alone for ${waits.join(', ')} ms`,
  )
  assert.equal(context.counted['failed_attempts'], 3)
})
