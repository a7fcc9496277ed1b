import { FluentServer } from '@fluent-org/logger'
import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import forward from '../../../outputs/forward/index.js'
import { checkConfig } from '../../../src/config/check.js'
import { documentOfTree } from '../../../src/config/document.js'
import { problemText } from '../../../src/config/node.js'
import { parseYaml } from '../../../src/config/yaml.js'
import * as registry from '../../../src/registry/registry.js'
import { numbered } from '../../support/forward-pairs.js'
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

async function outputOf(t: TestContext, yaml: string) {
  const { root } = parseYaml(yaml, 'f')
  const { pipeline, problems } = await checkConfig(documentOfTree(root ?? assert.fail(), []).document, registry)
  assert.deepEqual(problems.map(problemText), [])
  const options = pipeline?.outputs[0]?.options as Parameters<typeof forward.create>[0]
  const context = new RecordingOutputContext()
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
