import { FluentServer } from '@fluent-org/logger'
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test, type TestContext } from 'node:test'
import forward from '../../../outputs/forward/index.js'
import { type Clock, systemClock } from '../../../src/base/clock.js'
import { checkConfig } from '../../../src/config/check.js'
import { documentOfTree } from '../../../src/config/document.js'
import { problemText } from '../../../src/config/node.js'
import { parseYaml } from '../../../src/config/yaml.js'
import * as registry from '../../../src/registry/registry.js'
import { FakeClock } from '../../support/fake-clock.js'
import { numbered } from '../../support/forward-pairs.js'
import { ForwardServer } from '../../support/forward-server.js'
import { RecordingOutputContext } from '../../support/output-context.js'

const forever = new AbortController().signal

/** A server written by others; `got` counts its events. */
async function serverWith(t: TestContext, sharedKey: string, users: Record<string, string>) {
  const security = { serverHostname: 'server', sharedKey, authorize: Object.keys(users).length > 0, userDict: users }
  const server = new FluentServer({ security })
  await server.listen()
  t.after(() => server.close())
  const got = { events: 0, port: server.port ?? 0 }
  server.on('entry', () => void got.events++)
  return got
}

async function outputOf(t: TestContext, yaml: string, clock: Clock = systemClock) {
  const { root } = parseYaml(yaml, 'f')
  const { pipeline, problems } = await checkConfig(documentOfTree(root ?? assert.fail(), []).document, registry)
  assert.deepEqual(problems.map(problemText), [])
  const options = pipeline?.outputs[0]?.options as Parameters<typeof forward.create>[0]
  const context = new RecordingOutputContext(clock)
  const output = await forward.create(options, context)
  t.after(() => output.close?.())
  return { output, context }
}

test('each server of a group is shown its own key and user, and what it lacks is that of the output', async (t) => {
  const [first, second] = [await serverWith(t, 'one', { ann: 'pw' }), await serverWith(t, 'two', {})]
  const { output, context } = await outputOf(
    t,
    `
upstream_servers:
  - name: gateways
    nodes:
      - {host: 127.0.0.1, port: ${first.port}, shared_key: one, username: ann, password: pw}
      - {host: 127.0.0.1, port: ${second.port}}
pipeline:
  inputs: [{name: cpu}]
  outputs: [{name: forward, upstream: gateways, shared_key: two}]
`,
  )
  for (let count = 0; count < 4; count++) await output.flush(numbered(5), forever)
  assert.deepEqual([first.events, second.events], [10, 10])
  assert.deepEqual([context.counted, context.log.lines], [{}, []])
})

test('a server that refuses the key is left for one that knows it', async (t) => {
  const [first, second] = [await serverWith(t, 'changed', {}), await serverWith(t, 'two', {})]
  const { output, context } = await outputOf(
    t,
    `
upstream_servers:
  - name: gateways
    nodes:
      - {name: main, host: 127.0.0.1, port: ${first.port}, shared_key: one}
      - {name: spare, host: 127.0.0.1, port: ${second.port}, shared_key: two, standby: on}
pipeline:
  inputs: [{name: cpu}]
  outputs: [{name: forward, upstream: gateways}]
`,
  )
  await output.flush(numbered(5), forever)
  assert.deepEqual([first.events, second.events], [0, 5])
  const [line] = context.log.lines
  assert.equal(line?.message, `server main (127.0.0.1:${first.port}) is offline`)
  assert.match(String(line?.fields?.['reason']), /the server refuses this client/)
  assert.doesNotMatch(JSON.stringify(line), /"one"|"two"/)
})

test('a connection to a server that was left for a better one is closed when it was idle for long', async (t) => {
  const [first, second] = [await new ForwardServer().listen(), await new ForwardServer().listen()]
  const { port } = first
  await first.close()
  t.after(() => second.close())
  const clock = new FakeClock()
  const { output, context } = await outputOf(
    t,
    `
pipeline:
  inputs: [{name: cpu}]
  outputs:
    - {name: forward, servers: ['127.0.0.1:${port}', '127.0.0.1:${second.port}'], balance: failover}
`,
    clock,
  )
  await output.flush(numbered(1), forever)
  const left = second.messages[0]?.socket ?? assert.fail()
  const again = await new ForwardServer().listen({ port })
  t.after(() => again.close())
  await clock.advance(6250)
  await context.log.line(`server 127.0.0.1:${port} is back`)
  await output.flush(numbered(1), forever)
  assert.deepEqual([again.messages.length, second.messages.length], [1, 1])
  assert.ok(!left.readableEnded && !left.destroyed)
  const closed = once(left, 'close')
  await clock.advance(30_000)
  await closed
})
