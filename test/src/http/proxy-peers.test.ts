import assert from 'node:assert/strict'
import { existsSync, writeFileSync } from 'node:fs'
import { describe, test, type TestContext } from 'node:test'

import { systemClock } from '../../../src/base/clock.js'
import { httpServerOptions, readServerOptions, type Stage } from '../../../src/http/index.js'
import { CertificateAuthority } from '../../support/certificate-authority.js'
import { type Frontend, startHaproxy } from '../../support/haproxy.js'
import { type RunningServer, startServer } from '../../support/http-server.js'
import { RecordingInputContext } from '../../support/input-context.js'
import { Nginx, streamModule } from '../../support/nginx.js'
import { valuesOf } from '../../support/options.js'
import { peer } from '../../support/peers.js'
import { run } from '../../support/program.js'

const { path: curl, skip: noCurl } = peer('curl')
const noHaproxy = noCurl || peer('haproxy').skip
const noNginx = noCurl || peer('nginx').skip
const noStream = existsSync(streamModule) ? false : 'it comes with the Debian package libnginx-mod-stream'

/** Another address of this machine, as which curl asks the proxy. */
const client = '127.0.0.9'

const telling: Stage = {
  handle: (exchange) =>
    exchange.reply(200, [exchange.clientAddress, exchange.request.httpVersion, exchange.connection.secure].join(' ')),
}

async function serving(t: TestContext, raw: object, own?: (stage: Stage) => Stage): Promise<RunningServer> {
  const options = valuesOf(httpServerOptions(0), { trusted_proxies: '127.0.0.1', ...raw })
  const { listen: _, ...settings } = readServerOptions(options)
  const context = new RecordingInputContext(systemClock)
  return startServer(t, { ...settings, stages: [own ? own(telling) : telling], context })
}

async function ask(port: number, ...words: readonly string[]): Promise<string> {
  const scheme = words.includes('-k') ? 'https' : 'http'
  const args = ['-sS', '--max-time', '10', '--interface', client, ...words, `${scheme}://127.0.0.1:${port}/`]
  const { code, stdout } = await run(curl, args)
  assert.equal(code, 0)
  return stdout
}

/** But for the connection that only asked the proxy whether it listens, and may be gone before it is accepted. */
function refusals({ counted }: RecordingInputContext): object {
  const { refused_gone: _gone, ...others } = counted
  return others
}

const speaking = { proxy_protocol: 'on' }

describe('behind HAProxy', { skip: noHaproxy }, () => {
  test('the client is that of send-proxy and of send-proxy-v2, whatever else the header has', async (t) => {
    const { port: to, context } = await serving(t, speaking)
    const more = 'send-proxy-v2 proxy-v2-options crc32c,unique-id,authority'
    const frontends = ['send-proxy', 'send-proxy-v2', more].map((server): Frontend => ({ mode: 'tcp', server, to }))
    for (const port of await startHaproxy(t, frontends)) {
      assert.equal(await ask(port), `${client} 1.1 false`)
      assert.equal(await ask(port, '--http2-prior-knowledge'), `${client} 2.0 false`)
    }
    assert.deepEqual(refusals(context), {})
  })

  test('the header comes before the TLS of the client, and before that of HAProxy', async (t) => {
    const authority = new CertificateAuthority(t)
    const issued = authority.issue('localhost')
    const files = { 'tls.crt_file': issued.file, 'tls.key_file': issued.keyFile }
    const { port: to } = await serving(t, { ...speaking, tls: 'on', ...files })
    const pair = authority.path('pair.pem')
    writeFileSync(pair, issued.pem.cert + issued.pem.key)
    const ports = await startHaproxy(t, [
      { mode: 'tcp', server: 'send-proxy', to },
      { mode: 'tcp', server: 'send-proxy-v2', to },
      { mode: 'tcp', bind: `ssl crt ${pair}`, server: 'send-proxy-v2-ssl-cn ssl verify none', to },
    ])
    for (const port of ports) {
      assert.equal(await ask(port, '-k', '--http1.1'), `${client} 1.1 true`)
      if (port !== ports[2]) assert.equal(await ask(port, '-k', '--http2'), `${client} 2.0 true`)
    }
  })

  test('its checks are connections of its own', async (t) => {
    const asked: string[] = []
    let seen: () => void = () => undefined
    const checked = new Promise<void>((resolve) => (seen = resolve))
    const { port: to, context } = await serving(t, speaking, ({ handle }) => ({
      handle(exchange) {
        if (exchange.path === '/check') asked.push(exchange.clientAddress)
        if (asked.length > 1) seen()
        return handle?.(exchange) ?? false
      },
    }))
    const server = 'send-proxy-v2 check inter 100ms'
    const lines = ['option httpchk', 'http-check send meth GET uri /check ver HTTP/1.1 hdr Host check']
    const [port = 0] = await startHaproxy(t, [{ mode: 'tcp', server, to, lines }])
    await checked
    assert.equal(await ask(port), `${client} 1.1 false`)
    assert.deepEqual(new Set(asked), new Set(['127.0.0.1']))
    assert.deepEqual(refusals(context), {})
  })

  test('the client is that of option forwardfor, whatever it says itself', async (t) => {
    const { port: to } = await serving(t, {})
    const lines = ['option forwardfor']
    const [near = 0] = await startHaproxy(t, [{ mode: 'http', server: '', to, lines }])
    const [far = 0] = await startHaproxy(t, [{ mode: 'http', server: '', to: near, lines }])
    const lies = ['-H', 'X-Forwarded-For: 203.0.113.9', '-H', 'Forwarded: for=203.0.113.9']
    for (const port of [near, far]) assert.equal(await ask(port, ...lies), `${client} 1.1 false`)
  })
})

describe('behind nginx', { skip: noNginx }, () => {
  test('the client is that which it appends to X-Forwarded-For, or to Forwarded', async (t) => {
    for (const [raw, header] of [
      [{}, 'X-Forwarded-For $proxy_add_x_forwarded_for'],
      [{ client_address_header: 'forwarded' }, 'Forwarded "$http_forwarded, for=$remote_addr;proto=$scheme"'],
    ] as const) {
      const { port: to } = await serving(t, raw)
      const nginx = await Nginx.start(
        `location / { proxy_pass http://127.0.0.1:${to}; proxy_http_version 1.1; proxy_set_header ${header}; }`,
      )
      t.after(() => nginx.end())
      assert.equal(await ask(nginx.port), `${client} 1.1 false`)
      const lies = ['-H', 'X-Forwarded-For: 203.0.113.9', '-H', 'Forwarded: for=203.0.113.9, for="']
      assert.equal(await ask(nginx.port, ...lies), `${client} 1.1 false`)
    }
  })

  test('the client is that of proxy_protocol in a stream', { skip: noStream }, async (t) => {
    const { port: to, context } = await serving(t, speaking)
    const nginx = await Nginx.start(`proxy_pass 127.0.0.1:${to}; proxy_protocol on;`, 'stream')
    t.after(() => nginx.end())
    assert.equal(await ask(nginx.port), `${client} 1.1 false`)
    assert.deepEqual(refusals(context), {})
  })
})

describe('asked by curl', { skip: noCurl }, () => {
  test('which speaks the PROXY protocol itself, the client is who it says; others are let go', async (t) => {
    const { port, context } = await serving(t, speaking)
    const words = ['-sS', '--max-time', '10', '--haproxy-protocol', `http://127.0.0.1:${port}/`]
    assert.equal((await run(curl, words)).stdout, '127.0.0.1 1.1 false')
    const { code, stdout } = await run(curl, [...words, '--interface', client])
    assert.deepEqual([code === 0, stdout], [false, ''])
    assert.deepEqual(context.counted, { refused_untrusted_proxy: 1 })
  })
})
