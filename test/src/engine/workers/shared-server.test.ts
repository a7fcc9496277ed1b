import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, test, type TestContext } from 'node:test'

import fc from 'fast-check'

import type { EventRecord } from '../../../../src/event/event.js'
import { folderOf } from '../../../support/folder.js'
import { accepts } from '../../../support/ports.js'
import { type SharedServer, sharedServer } from '../../../support/server-workers.js'

/** A server that gives back what it was sent. */
async function upstream(t: TestContext): Promise<string> {
  const server = createServer((request, response) => {
    response.setHeader('x-client', String(request.headers['x-forwarded-for']))
    request.pipe(response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

interface Asked {
  readonly method: string
  readonly path: string
  readonly range: string
}

const files = { 'index.html': '<h1>home</h1>', 'a.txt': 'abcdefghij', 'deep/b.json': '{"b":1}' }

const anyAsked: fc.Arbitrary<Asked> = fc.record({
  method: fc.constantFrom('GET', 'HEAD', 'POST', 'DELETE'),
  path: fc.constantFrom('/', '/a.txt', '/deep', '/deep/b.json', '/none', '/private/a.txt', '/up/x', '/old', '/moved'),
  range: fc.constantFrom('bytes=0-', 'bytes=2-4', 'bytes=90-', 'none'),
})

const got = { method: 'GET', range: 'none' }

/** One for each status that there is. */
const examples: [Asked][] = [
  [{ ...got, path: '/a.txt' }],
  [{ ...got, path: '/a.txt', range: 'bytes=2-4' }],
  [{ ...got, path: '/moved' }],
  [{ ...got, path: '/private/a.txt' }],
  [{ ...got, path: '/none' }],
  [{ ...got, path: '/a.txt', method: 'DELETE' }],
]

async function answered({ url }: SharedServer, { method, path, range }: Asked): Promise<object> {
  const headers = { connection: 'close', range, origin: 'https://panel.example' }
  const body = method === 'POST' ? { body: 'some text' } : {}
  const answer = await fetch(url + path, { method, headers, redirect: 'manual', ...body })
  const { date: _, ...told } = Object.fromEntries(answer.headers)
  return { status: answer.status, told, text: await answer.text() }
}

/** What the access log told, but for how long it took and where; requests of several workers come in any order. */
function plain({ events }: SharedServer): string[] {
  return events.map(({ tag, record }) => JSON.stringify({ tag, ...record, ms: 0, host: '' })).toSorted()
}

describe('a server with two workers', () => {
  test('answers as one does, whatever is asked for, and tells the same events', async (t) => {
    const [root, up] = [folderOf(t, files), await upstream(t)]
    const stages = [
      { name: 'access_log', tag: 'web' },
      { name: 'cors', origins: 'https://panel.example' },
      { name: 'ip_rules', path: '/private', deny: '127.0.0.0/8' },
      { name: 'redirect', path: '/moved', to: '/a.txt' },
      { name: 'rewrite', rules: ['^/old$ /a.txt'] },
      { name: 'proxy', path: '/up', upstreams: up, rewrite: '/' },
      { name: 'static', root },
    ]
    const [one, two] = [await sharedServer(t, 1, { stages }), await sharedServer(t, 2, { stages })]
    const statuses = new Set<unknown>()
    const check = async (asked: Asked): Promise<void> => {
      const [expected, given] = [await answered(one, asked), await answered(two, asked)]
      assert.deepEqual(given, JSON.parse(JSON.stringify(expected).replaceAll(one.url, two.url)))
      statuses.add('status' in given && given.status)
    }
    await fc.assert(fc.asyncProperty(anyAsked, check), { numRuns: 60, examples })
    const wanted = [200, 206, 302, 403, 404, 405]
    assert.deepEqual(
      wanted.filter((status) => !statuses.has(status)),
      [],
      'statuses that nobody was answered with',
    )
    await Promise.all([one.agent.stop(), two.agent.stop()])
    assert.ok(one.events.length >= 60)
    assert.deepEqual(plain(two), plain(one))
    const [expected, counted] = [one, two].map(({ agent }) => agent.ledger.inputs['server.0'])
    assert.deepEqual(counted, expected)
    assert.ok(!(await accepts(two.port)))
  })

  test('takes events, none twice that has a key, and writes its access log to that of the agent', async (t) => {
    const { url, agent, events, lines } = await sharedServer(t, 2, {
      server: { ack: 'delivered', tag: 'made' },
      stages: [
        { name: 'access_log', alias: 'visits' },
        { name: 'ingest', path: '/in' },
      ],
    })
    const headers = { 'content-type': 'application/json', connection: 'close', 'idempotency-key': 'k' }
    const post = async (): Promise<number> =>
      (await fetch(`${url}/in`, { method: 'POST', body: '{"a":1}', headers })).status
    assert.deepEqual(new Set(await Promise.all(Array.from({ length: 20 }, post))), new Set([201]))
    assert.deepEqual(
      events.map(({ tag, record }): [string, EventRecord] => [tag, record]),
      [['made', { a: 1 }]],
    )
    await agent.stop()
    assert.equal(agent.ledger.inputs['server.0']?.counters['repeated_requests'], 19)
    const line = / visits 127\.0\.0\.1 .*"POST \/in HTTP\/1.1" 201 /
    assert.equal(lines.filter((each) => line.test(each)).length, 20)
  })

  test('takes no more requests, guesses and runs of scripts than one may', async (t) => {
    const endless = ['sh', '-c', String.raw`printf 'A: b\n\n'; exec sleep 600`]
    const { url } = await sharedServer(t, 2, {
      stages: [
        { name: 'rate_limit', path: '/few', rate: 0.001, burst: 10, per: 'all' },
        { name: 'auth', path: '/guarded', token: 'abc', max_failures: 6 },
        { name: 'cgi', path: '/run', command: endless, max_processes: 2 },
      ],
    })
    const leave = new AbortController()
    const headers = { authorization: 'Bearer guess', connection: 'close' }
    // An answer that nobody holds any more is given up by `fetch`, and its script with it.
    const held: Response[] = []
    const countOf = async (path: string, status: number): Promise<number> => {
      const ask = (): Promise<Response> => fetch(url + path, { headers, signal: leave.signal })
      const answers = await Promise.all(Array.from({ length: 50 }, ask))
      held.push(...answers)
      return answers.filter((answer) => answer.status === status).length
    }
    assert.deepEqual(
      [await countOf('/few', 404), await countOf('/guarded', 401), await countOf('/run', 200)],
      [10, 6, 2],
    )
    leave.abort()
    assert.equal(held.length, 150)
  })
})
