import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { batchOf } from '../support/batch.js'
import { failure, forever, httpParts, numbered, recordsOf, status } from '../support/http-output.js'
import { freePort } from '../support/ports.js'

describe('the http output and several servers', () => {
  const { outputTo, destination } = httpParts()

  test('brings a batch to the next one where the first is down or fails, under the same key', async () => {
    const [failing, well] = [await destination(status(500)), await destination()]
    const servers = [`127.0.0.1:${await freePort()}`, `127.0.0.1:${failing.port}`, `127.0.0.1:${well.port}`]
    const output = await outputTo(1, { servers, balance: 'failover', format: 'json_lines' })
    await output.flush(batchOf(numbered(3)), forever)
    assert.deepEqual(well.requests.map(recordsOf), [[{ n: 0 }, { n: 1 }, { n: 2 }]])
    const keys = [...failing.requests, ...well.requests].map(({ headers }) => headers['idempotency-key'])
    assert.deepEqual(keys, ['"batch-0.0-3"', '"batch-0.0-3"'])
  })

  test('brings the next one only what the first has not taken', async () => {
    let answers = 0
    const first = await destination((request, response) => {
      const code = recordsOf(request).length > 2 ? 413 : ++answers > 1 ? 500 : 200
      status(code)(request, response)
    })
    const second = await destination()
    const servers = [`127.0.0.1:${first.port}`, `127.0.0.1:${second.port}`]
    const output = await outputTo(1, { servers, balance: 'failover', format: 'json_lines' })
    await output.flush(batchOf(numbered(4)), forever)
    assert.deepEqual(second.requests.map(recordsOf), [[{ n: 2 }, { n: 3 }]])
  })

  test('names each of them, with the address in errors', async () => {
    const [first, second] = [await destination(status(500)), await destination(status(502))]
    const servers = [`127.0.0.1:${first.port}`, `127.0.0.1:${second.port}`]
    const output = await outputTo(1, { servers, balance: 'failover', uri: '/in?key=secret' })
    assert.equal(output.destination, servers.map((server) => `http://${server}/in`).join(', '))
    const error = await failure(output.flush(batchOf(numbered(1)), forever))
    assert.equal(error.message, `http://${servers[1]}/in: answered 502`)
  })

  test('a unix socket is a server too', async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'sluice-http-'))
    t.after(() => rmSync(folder, { recursive: true }))
    const path = join(folder, 'in.sock')
    const urls: (string | undefined)[] = []
    const server = createServer((request, response) => {
      urls.push(`${request.headers.host} ${request.url}`)
      request.resume().on('end', () => response.writeHead(204).end())
    })
    server.listen(path)
    await once(server, 'listening')
    t.after(() => server.close())
    const output = await outputTo(1, { servers: [`unix:${path}`], uri: '/in' })
    await output.flush(batchOf(numbered(1)), forever)
    assert.deepEqual(urls, ['localhost /in'])
    assert.equal(output.destination, `unix:${path}:/in`)
  })
})
