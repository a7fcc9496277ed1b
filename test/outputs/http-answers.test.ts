import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { EventRecord } from '../../src/event/event.js'
import { PartialError, PermanentError, RetryLater } from '../../src/plugin/errors.js'
import { batchOf } from '../support/batch.js'
import { failure, forever, httpParts, numbered, recordsOf, status } from '../support/http-output.js'

describe('how the http output takes an answer', () => {
  const { outputTo, destination } = httpParts()

  test('a 429 with Retry-After asks the engine to wait so long', async () => {
    const server = await destination(status(429, { 'retry-after': '17' }, 'slow down'))
    const error = await failure((await outputTo(server.port)).flush(batchOf(numbered(1)), forever))
    assert.ok(error instanceof RetryLater)
    assert.equal(error.afterMs, 17_000)
    assert.match(error.message, /answered 429 "slow down", asked to wait 17 s/)
  })

  test('a 503 with a date asks the engine to wait until then', async () => {
    const server = await destination(status(503, { 'retry-after': new Date(Date.now() + 60_000).toUTCString() }))
    const error = await failure((await outputTo(server.port)).flush(batchOf(numbered(1)), forever))
    assert.ok(error instanceof RetryLater)
    assert.ok(error.afterMs > 50_000 && error.afterMs <= 60_000, `${error.afterMs}`)
  })

  test('a redirect is told and not followed', async () => {
    const server = await destination(status(302, { location: 'http://elsewhere/' }))
    const error = await failure((await outputTo(server.port)).flush(batchOf(numbered(1)), forever))
    assert.ok(!(error instanceof PermanentError))
    assert.match(error.message, /answered 302, a redirect to "http:\/\/elsewhere\/"/)
    assert.equal(server.requests.length, 1)
  })

  test('a refusal is told without the secrets that the server repeats', async () => {
    const server = await destination((request, response) => {
      response.writeHead(401).end(`no access for ${request.headers.authorization}`)
    })
    const error = await failure(
      (await outputTo(server.port, { bearer_token: 'hunter2' })).flush(batchOf(numbered(1)), forever),
    )
    assert.ok(error instanceof PermanentError)
    assert.match(error.message, /answered 401 "no access for \*\*\*"/)
  })

  test('a token in the query is told neither with a redirect nor with the text of an answer', async () => {
    const server = await destination(
      status(301, { location: 'https://elsewhere/in?token=hunter2' }, 'no ?token=hunter2'),
    )
    const uri = '/in?token=hunter2'
    const error = await failure((await outputTo(server.port, { uri })).flush(batchOf(numbered(1)), forever))
    assert.match(error.message, /\/in: answered 301 "no \?\*\*\*", a redirect to "https:\/\/elsewhere\/in\?\*\*\*"/)
  })

  test('a 413 halves the batch until each part is taken, in order', async () => {
    const taken: EventRecord[] = []
    const server = await destination((request, response) => {
      const records = recordsOf(request)
      if (records.length > 3) return void response.writeHead(413).end()
      taken.push(...records)
      response.writeHead(200).end()
    })
    await (
      await outputTo(server.port, { format: 'json_lines' })
    ).flush(batchOf([...numbered(6, 'a'), ...numbered(5, 'b')]), forever)
    assert.deepEqual(
      taken,
      [...numbered(6), ...numbered(5)].map(({ record }) => record),
    )
  })

  test('a size once refused is not offered again', async () => {
    const server = await destination((request, response) => {
      response.writeHead(request.body.length > 100 ? 413 : 200).end()
    })
    const output = await outputTo(server.port, { format: 'json_lines' })
    await output.flush(batchOf(numbered(20)), forever)
    const before = server.requests.length
    await output.flush(batchOf(numbered(20)), forever)
    const sizes = server.requests.slice(before).map(({ body }) => body.length)
    assert.ok(sizes.length > 1)
    assert.ok(
      sizes.every((size) => size <= 100),
      sizes.join(' '),
    )
  })

  test('a retry sends only what was not taken before', async () => {
    const taken: EventRecord[] = []
    let answers = 0
    const server = await destination((request, response) => {
      const records = recordsOf(request)
      if (records.length > 2) return void response.writeHead(413).end()
      if (++answers === 2) return void response.writeHead(500).end()
      taken.push(...records)
      response.writeHead(200).end()
    })
    const output = await outputTo(server.port, { format: 'json_lines' })
    await failure(output.flush(batchOf(numbered(8)), forever))
    assert.deepEqual(taken, [{ n: 0 }, { n: 1 }])
    await output.flush(batchOf(numbered(8), 2), forever)
    assert.deepEqual(
      taken,
      numbered(8).map(({ record }) => record),
    )
  })

  test('one tag that is refused keeps none of the others from being delivered', async () => {
    const server = await destination((request, response) => {
      response.writeHead(request.headers['x-tag'] === 'b' ? 403 : 200).end()
    })
    const output = await outputTo(server.port, { header_tag: 'X-Tag' })
    const batch = batchOf([...numbered(1, 'a'), ...numbered(2, 'b'), ...numbered(1, 'c')])
    const error = await failure(output.flush(batch, forever))
    assert.ok(error instanceof PartialError)
    assert.deepEqual([...error.rejected.keys()], [1, 2])
    assert.match(error.rejected.get(1) ?? '', /answered 403/)
    assert.equal(server.requests.length, 3)
  })

  test('a long answer is read no further than it must be', async () => {
    const server = await destination((_request, response) => {
      response.writeHead(200)
      const more = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536))) continue
      }
      response.on('drain', more)
      more()
    })
    const output = await outputTo(server.port)
    await output.flush(batchOf(numbered(1)), forever)
    assert.equal(server.requests.length, 1)
  })
})
