import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { once } from 'node:events'
import { describe, test, type TestContext } from 'node:test'
import fc from 'fast-check'

import type { Stage } from '../../src/http/index.js'
import accessLog from '../../stages/access_log/index.js'
import rewrite from '../../stages/rewrite/index.js'
import { sampler } from '../../stages/access_log/sampler.js'
import { FakeClock } from '../support/fake-clock.js'
import { type RunningServer, startServer } from '../support/http-server.js'
import { RecordingInputContext } from '../support/input-context.js'
import { rawExchange } from '../support/raw-http.js'
import { placedStage, trusting } from '../support/stages.js'

type Raw = { readonly [name: string]: unknown }

/** Answers with the status that the path says, and as many bytes as it is long. */
const answering: Stage = {
  handle: (exchange) =>
    exchange.reply(Number(/\d{3}/.exec(exchange.path)?.[0] ?? 200), 'x'.repeat(exchange.path.length)),
}

interface Logged extends RunningServer {
  readonly clock: FakeClock
}

async function logged(t: TestContext, raw: Raw, stages: readonly Stage[] = [trusting, answering]): Promise<Logged> {
  const clock = new FakeClock()
  clock.setWall(Date.UTC(2026, 10, 26, 2, 41, 26))
  const context = new RecordingInputContext(clock)
  const server = await startServer(t, { stages: [placedStage(accessLog, raw, context), ...stages], context })
  return { ...server, clock }
}

/** The lines that tell of requests, as soon as there are so many. */
async function linesOf({ context }: Logged, count: number): Promise<readonly string[]> {
  while (context.log.lines.length < count) await new Promise((resolve) => setImmediate(resolve))
  return context.log.lines.map(({ message }) => message)
}

describe('the access_log stage', () => {
  test('a request becomes an event with who asked for what, and what came of it', async (t) => {
    const slow: Stage = {
      async onRequest() {
        await server.clock.advance(12.5)
        return false
      },
    }
    const server: Logged = await logged(t, { tag: 'web' }, [trusting, slow, answering])
    const headers = { 'x-user': 'ann', 'user-agent': 'tester/1' }
    await (await fetch(`${server.url}/a/404?token=secret`, { headers })).text()
    await server.context.received(1)
    const [event] = server.context.events
    assert.equal(event?.tag, 'web')
    assert.deepEqual(event?.record, {
      remote: '127.0.0.1',
      method: 'GET',
      path: '/a/404',
      status: 404,
      bytes: 6,
      ms: 12.5,
      host: '127.0.0.1',
      user: 'ann',
      user_agent: 'tester/1',
    })
  })

  test('the log has the lines that Apache writes', async (t) => {
    const server = await logged(t, {})
    const headers = { 'x-user': 'ann b', 'user-agent': 'a "b" \\', referer: 'http://x/y?token=secret#z' }
    await (await fetch(`${server.url}/a?b=c`, { headers })).text()
    await fetch(`${server.url}/204`, { method: 'HEAD', headers: { 'user-agent': 'é' } })
    assert.deepEqual(await linesOf(server, 2), [
      '127.0.0.1 - ann\\x20b [26/Nov/2026:02:41:26 +0000] "GET /a HTTP/1.1" 200 2 "http://x/y" "a \\"b\\" \\\\"',
      '127.0.0.1 - - [26/Nov/2026:02:41:26 +0000] "HEAD /204 HTTP/1.1" 204 - "-" "\\xe9"',
    ])
  })

  test('or JSON, with the query where it is wanted', async (t) => {
    const server = await logged(t, { format: 'json', query: 'on' })
    await (await fetch(`${server.url}/a?b=c`)).text()
    const [line = ''] = await linesOf(server, 1)
    assert.equal((JSON.parse(line) as { readonly path: string }).path, '/a?b=c')
  })

  test('the path is the one that was asked for, whatever it was rewritten to', async (t) => {
    const rewriting = placedStage(rewrite, { rules: ['^/old$ /new'] }).stage
    const server = await logged(t, { tag: 'web' }, [rewriting, answering])
    await rawExchange(
      server.port,
      'GET http://name:secret@host/old HTTP/1.1\r\nHost: host\r\nConnection: close\r\n\r\n',
    )
    await server.context.received(1)
    const { path } = server.context.records[0] ?? {}
    assert.equal(path, '/old')
    assert.doesNotMatch(JSON.stringify(server.context.records), /secret/)
  })

  test('a share of what went well is told, and all that did not', async (t) => {
    const server = await logged(t, { tag: 'web', sample: 0.25 })
    for (let request = 0; request < 8; request++) await (await fetch(`${server.url}/200`)).text()
    for (let request = 0; request < 3; request++) await (await fetch(`${server.url}/503`)).text()
    await server.context.received(5)
    assert.deepEqual(
      server.context.records.map(({ status }) => status),
      [200, 200, 503, 503, 503],
    )
  })

  test('the share is kept, however long it is asked for', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(1000), (share, calls) => {
        const isTold = sampler(share)
        const told = Array.from({ length: calls }, isTold).filter(Boolean).length
        assert.ok(Math.abs(told - share * calls) <= 1)
      }),
    )
    assert.deepEqual(Array.from({ length: 3 }, sampler(1)), [true, true, true])
    assert.deepEqual(Array.from({ length: 3 }, sampler(0)), [false, false, false])
  })

  test('events that there is no room for are given up and counted, and requests served all the same', async (t) => {
    const server = await logged(t, { tag: 'web' })
    server.context.hasRoom = false
    assert.equal((await fetch(`${server.url}/200`)).status, 200)
    await server.context.until(() => server.context.dropped['no_room'] === 1)
    assert.deepEqual(server.context.records, [])
  })

  test('a client that went away without an answer is a 499', async (t) => {
    let begun = (): void => undefined
    const asked = new Promise<void>((resolve) => (begun = resolve))
    const silent: Stage = {
      handle: ({ signal }) =>
        new Promise((resolve) => {
          begun()
          signal.addEventListener('abort', () => resolve(true))
        }),
    }
    const server = await logged(t, { tag: 'web', sample: 0 }, [silent])
    const socket = connect(server.port, '127.0.0.1')
    socket.write('GET /slow HTTP/1.1\r\nHost: x\r\n\r\n')
    await asked
    socket.destroy()
    await once(socket, 'close')
    await server.context.received(1)
    assert.deepEqual([server.context.records[0]?.['status'], server.context.records[0]?.['bytes']], [499, 0])
  })

  test('long texts of a client are cut', async (t) => {
    const server = await logged(t, { tag: 'web' })
    await (await fetch(`${server.url}/${'p'.repeat(5000)}`, { headers: { 'user-agent': 'u'.repeat(5000) } })).text()
    await server.context.received(1)
    const { path, user_agent: agent } = server.context.records[0] ?? {}
    assert.deepEqual([String(path).length, String(agent).length], [1024, 1024])
  })
})
