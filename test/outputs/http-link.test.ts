import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { PermanentError } from '../../src/plugin/errors.js'
import { batchOf } from '../support/batch.js'
import { HttpDestination } from '../support/http-destination.js'
import { failure, forever, httpParts, numbered } from '../support/http-output.js'
import { freePort } from '../support/ports.js'

describe('what the http output does about a bad link', () => {
  const { outputTo, destination } = httpParts()

  test('nobody listening asks for a retry, and says where', async () => {
    const port = await freePort()
    const error = await failure((await outputTo(port)).flush(batchOf(numbered(1)), forever))
    assert.match(error.message, new RegExp(`^http://127.0.0.1:${port}/: .*ECONNREFUSED`))
  })

  test('a server that says nothing is given up after response_timeout', async () => {
    const server = await destination(() => undefined)
    const error = await failure(
      (await outputTo(server.port, { 'http.response_timeout': '50ms' })).flush(batchOf(numbered(1)), forever),
    )
    assert.match(error.message, /headers timeout/i)
  })

  test('an answer that is cut off asks for a retry', async () => {
    const server = await destination((_request, response) => {
      response.writeHead(200, { 'content-length': '1000' })
      response.write('half of it', () => response.destroy())
    })
    const error = await failure((await outputTo(server.port)).flush(batchOf(numbered(1)), forever))
    assert.ok(!(error instanceof PermanentError))
  })

  test('an answer that stops half way is given up after response_timeout', async () => {
    const server = await destination(
      (_request, response) => void response.writeHead(200, { 'content-length': '1000' }).write('half'),
    )
    const error = await failure(
      (await outputTo(server.port, { 'http.response_timeout': '50ms' })).flush(batchOf(numbered(1)), forever),
    )
    assert.match(error.message, /body timeout/i)
  })

  test('an answer that comes in drops is taken all the same', async () => {
    const server = await destination((_request, response) => {
      response.writeHead(200, { 'content-length': '3' })
      response.write('a', () => response.write('b', () => setTimeout(() => response.end('c'), 20)))
    })
    await (await outputTo(server.port)).flush(batchOf(numbered(1)), forever)
    assert.equal(server.requests.length, 1)
  })

  test('something that speaks no HTTP asks for a retry', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined)
      socket.once('data', () => socket.end('220 welcome\r\n'))
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    try {
      const { port } = server.address() as AddressInfo
      const error = await failure((await outputTo(port)).flush(batchOf(numbered(1)), forever))
      assert.ok(!(error instanceof PermanentError))
    } finally {
      server.close()
    }
  })

  test('a server that comes back is found again', async () => {
    const port = await freePort()
    const output = await outputTo(port)
    await failure(output.flush(batchOf(numbered(1)), forever))
    const server = await new HttpDestination().listen(port)
    try {
      await output.flush(batchOf(numbered(1), 2), forever)
      assert.equal(server.requests.length, 1)
    } finally {
      await server.close()
    }
  })

  test('a kept connection that the server closed is no failure', async () => {
    const server = await destination()
    const output = await outputTo(server.port)
    await output.flush(batchOf(numbered(1)), forever)
    await server.dropConnections()
    await output.flush(batchOf(numbered(1)), forever)
    assert.equal(server.connections, 2)
  })

  test('closing leaves no connection behind', async () => {
    const server = await destination()
    const output = await outputTo(server.port)
    await output.flush(batchOf(numbered(1)), forever)
    await output.close?.()
    await server.idle()
    assert.equal(server.open, 0)
  })
})

describe(
  'the http output over TLS',
  { skip: spawnSync('openssl', ['version']).status === 0 ? false : 'openssl is missing' },
  () => {
    const { outputTo, destination } = httpParts()
    const folder = mkdtempSync(join(tmpdir(), 'sluice-tls-'))
    after(() => rmSync(folder, { recursive: true, force: true }))

    /** A certificate for `localhost` that signs itself. */
    const selfSigned = (): { key: string; cert: string; file: string } => {
      const [key, file] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
      const words = '-x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost'
      const names = ['-addext', 'subjectAltName=DNS:localhost']
      const made = spawnSync('openssl', ['req', ...words.split(' '), ...names, '-keyout', key, '-out', file])
      assert.equal(made.status, 0, made.stderr.toString())
      return { key: readFileSync(key, 'utf8'), cert: readFileSync(file, 'utf8'), file }
    }

    test('a certificate is checked, name included, unless the user says otherwise', async () => {
      const certificate = selfSigned()
      const server = await destination(undefined, certificate)
      const flush = async (options: { readonly [name: string]: unknown }): Promise<void> =>
        (await outputTo(server.port, { tls: 'on', ...options })).flush(batchOf(numbered(1)), forever)
      const trusted = { 'tls.ca_file': certificate.file }
      assert.match((await failure(flush({ host: 'localhost' }))).message, /self-signed certificate/)
      assert.match((await failure(flush({ host: '127.0.0.1', ...trusted }))).message, /does not match/)
      assert.equal(server.requests.length, 0)
      await flush({ host: 'localhost', ...trusted })
      await flush({ host: '127.0.0.1', 'tls.vhost': 'localhost', ...trusted })
      await flush({ host: '127.0.0.1', 'tls.verify': 'off' })
      assert.equal(server.requests.length, 3)
    })

    test('a renewed certificate serves the next connection', async () => {
      const file = join(folder, 'trusted.pem')
      const port = await freePort()
      const output = await outputTo(port, { host: 'localhost', tls: 'on', 'tls.ca_file': file })
      for (let renewal = 0; renewal < 2; renewal++) {
        const certificate = selfSigned()
        const server = await new HttpDestination(certificate).listen(port)
        try {
          if (renewal > 0)
            assert.match((await failure(output.flush(batchOf(numbered(1)), forever))).message, /certificate/)
          writeFileSync(file, certificate.cert)
          await output.flush(batchOf(numbered(1)), forever)
          assert.equal(server.requests.length, 1)
        } finally {
          await server.close()
        }
      }
    })

    test('a missing file is told, and found once it is there', async () => {
      const certificate = selfSigned()
      const server = await destination(undefined, certificate)
      const file = join(folder, 'later.pem')
      const output = await outputTo(server.port, { host: 'localhost', tls: 'on', 'tls.ca_file': file })
      assert.match((await failure(output.flush(batchOf(numbered(1)), forever))).message, /tls\.ca_file: ENOENT/)
      writeFileSync(file, certificate.cert)
      await output.flush(batchOf(numbered(1), 2), forever)
      assert.equal(server.requests.length, 1)
    })
  },
)
