import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'

import { TrustedProxies } from '../../src/net/trusted-proxies.js'
import accessLog from '../../stages/access_log/index.js'
import auth from '../../stages/auth/index.js'
import cgi from '../../stages/cgi/index.js'
import proxy from '../../stages/proxy/index.js'
import rateLimit from '../../stages/rate_limit/index.js'
import { folderOf } from '../support/folder.js'
import { ingesting } from '../support/http-ingest.js'
import { type RunningServer, startServer } from '../support/http-server.js'
import { RecordingInputContext } from '../support/input-context.js'
import { greeting, placedStage } from '../support/stages.js'
import { startUpstream } from '../support/upstream.js'

type Stages = Parameters<typeof startServer>[1]['stages']

/** Whom the proxy in front, which is the client of each test, may speak for: itself, and one behind it. */
const trusted = new TrustedProxies(['127.0.0.1', '10.0.0.0/8'])

function behind(t: TestContext, stages: Stages, context = new RecordingInputContext()): Promise<RunningServer> {
  return startServer(t, { stages, context, proxies: { trusted, header: 'x-forwarded-for', protocol: false } })
}

const by = (...addresses: readonly string[]) => ({ headers: { 'x-forwarded-for': addresses.join(', ') } })

test('each client behind a proxy has a rate of its own', async (t) => {
  const { url } = await behind(t, [placedStage(rateLimit, { rate: 1 }), greeting])
  const clients = ['192.0.2.7', '192.0.2.8', '192.0.2.7', '2001:db8::1', '2001:db8::2']
  const statuses = []
  for (const client of clients) statuses.push((await fetch(url, by('203.0.113.9', client))).status)
  assert.deepEqual(statuses, [200, 200, 429, 200, 429])
})

test('each client behind a proxy may be wrong so often, and the log tells which one it was', async (t) => {
  const context = new RecordingInputContext()
  const stage = placedStage(auth, { token: 'right', max_failures: 1 }, context)
  const { url } = await behind(t, [stage, greeting], context)
  const guess = async (client: string): Promise<number> => {
    const { headers } = by(client)
    return (await fetch(url, { headers: { ...headers, authorization: 'Bearer wrong' } })).status
  }
  assert.deepEqual([await guess('192.0.2.7'), await guess('192.0.2.7'), await guess('192.0.2.8')], [401, 429, 401])
  const { fields } = await context.log.line('wrong credentials')
  assert.deepEqual(fields, { address: '192.0.2.7' })
})

test('the access log tells the client behind a proxy, in lines and in events', async (t) => {
  const context = new RecordingInputContext()
  const stages = [placedStage(accessLog, {}, context), placedStage(accessLog, { tag: 'asked' }, context), greeting]
  const { url } = await behind(t, stages, context)
  await (await fetch(url, by('192.0.2.7', '10.1.1.1'))).text()
  while (context.events.length === 0) await new Promise((resolve) => setImmediate(resolve))
  assert.equal(context.events[0]?.record['remote'], '192.0.2.7')
  assert.match(context.log.lines[0]?.message ?? '', /^192\.0\.2\.7 - - \[/)
})

test('events of an input tell of the client behind a proxy', async (t) => {
  const input = { trusted_proxies: ['127.0.0.1'], client_address_header: 'forwarded', add_remote_addr: true }
  const agent = await ingesting(t, { input })
  const headers = { 'content-type': 'application/json', forwarded: 'for=203.0.113.9, for="[2001:db8::7]:4711"' }
  assert.equal((await agent.post('/', '{"a":1}', headers)).status, 201)
  assert.deepEqual(agent.records, [{ a: 1, REMOTE_ADDR: '2001:db8::7' }])
})

test('scripts are told the client behind a proxy, and no port, which nobody knows', async (t) => {
  const script = '#!/bin/sh\nprintf "Content-Type: text/plain\\n\\n%s %s" "$REMOTE_ADDR" "${REMOTE_PORT-none}"\n'
  const root = folderOf(t, {})
  writeFileSync(join(root, 'who.sh'), script, { mode: 0o755 })
  const { url } = await behind(t, [placedStage(cgi, { root })])
  assert.equal(await (await fetch(`${url}/who.sh`, by('192.0.2.7'))).text(), '192.0.2.7 none')
})

test('upstreams are told the client and the proxies that are trusted, and nothing that the client made up', async (t) => {
  const upstream = await startUpstream(t, ({ headers }, response) => void response.end(JSON.stringify(headers)))
  const { url, port } = await behind(t, [placedStage(proxy, { upstreams: upstream.url })])
  const lies = { forwarded: 'for=203.0.113.9', 'x-real-ip': '203.0.113.9', 'x-forwarded-proto': 'https' }
  const { headers } = by('203.0.113.9', '2001:db8::7', '10.1.1.1')
  const answer = await fetch(url, { headers: { ...lies, ...headers } })
  const told = (await answer.json()) as { readonly [name: string]: string }
  assert.equal(told['x-forwarded-for'], '2001:db8::7, 10.1.1.1, 127.0.0.1')
  const last = `for=127.0.0.1;host="127.0.0.1:${port}";proto=http`
  assert.equal(told['forwarded'], `for="[2001:db8::7]", for=10.1.1.1, ${last}`)
  assert.deepEqual([told['x-real-ip'], told['x-forwarded-proto']], [undefined, 'http'])
})
