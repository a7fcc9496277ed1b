import assert from 'node:assert/strict'
import { test } from 'node:test'

import { defaultLimits } from '../../support/http-server.js'
import { run } from '../../support/program.js'

const room = new URL('../../../src/http/index.js', import.meta.url).href
const net = new URL('../../../src/net/index.js', import.meta.url).href

/** Serves one request by HTTP/1.1, then prints which of these Node has loaded. */
const script = `
  import { connect } from 'node:net'
  import { serveHttp } from '${room}'
  import { parseListen } from '${net}'
  const stage = { handle: (exchange) => exchange.reply(200, 'here') }
  const clock = { monotonic: () => 0, after: () => () => {}, sleep: () => new Promise(() => {}) }
  const settings = {
    listen: [parseListen('127.0.0.1', 0)],
    limits: ${JSON.stringify(defaultLimits)},
    http2: true,
    stages: [{ id: 'here', stage }],
    listening: ([address]) =>
      connect(Number(address.split(':')[1]), '127.0.0.1')
        .once('data', (answer) => {
          console.log(String(answer).slice(0, 12))
          const parts = ['http', 'tls', 'http2', 'https', 'internal/deps/undici/undici']
          console.log(parts.filter((part) => process.moduleLoadList.includes('NativeModule ' + part)).join())
          process.exit()
        })
        .write('GET / HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n'),
  }
  await serveHttp(settings, { clock, count() {} }, new AbortController().signal)
`

test('a server whose clients speak plain HTTP/1.1 loads neither TLS nor HTTP/2', async () => {
  const { output } = await run(process.execPath, ['--input-type=module', '-e', script])
  assert.equal(output, 'HTTP/1.1 200\nhttp\n')
})
