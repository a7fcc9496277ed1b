import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { EventRecord } from '../../src/event/event.js'
import { PartialError, PermanentError } from '../../src/plugin/errors.js'
import { batchOf } from '../support/batch.js'
import { Flow, put } from '../support/flow.js'
import { failure, forever, httpParts, numbered, recordsOf, status } from '../support/http-output.js'
import { RecordingDeadLetter } from '../support/recording-dead-letter.js'

const isBad = ({ n }: EventRecord): boolean => n === 617

describe('one event that an HTTP server refuses', () => {
  const { outputTo, destination } = httpParts()

  test('costs that event alone out of a thousand', async () => {
    const taken: EventRecord[] = []
    const server = await destination((request, response) => {
      const records = recordsOf(request)
      if (records.some(isBad)) return void response.writeHead(400).end('no such field')
      taken.push(...records)
      response.writeHead(200).end()
    })
    const flow = new Flow()
    const dead = new RecordingDeadLetter()
    flow.deadLetter = dead
    const flusher = flow.output('http.0', await outputTo(server.port, { format: 'json_lines' }))
    const input = flow.input('in')
    for (let n = 0; n < 1000; n++) put(input, 'test', n)
    await flusher.drain()
    assert.deepEqual(
      taken,
      numbered(1000)
        .map(({ record }) => record)
        .filter((record) => !isBad(record)),
    )
    assert.deepEqual(dead.records, [{ n: 617 }])
    assert.equal(dead.letters[0]?.destination, `http://127.0.0.1:${server.port}/`)
    assert.match(dead.letters[0]?.message ?? '', /answered 400 "no such field"/)
    assert.ok(server.requests.length <= 20, `${server.requests.length} requests`)
    const keys = server.requests.map(({ headers }) => headers['idempotency-key'])
    assert.equal(new Set(keys).size, keys.length, 'each part has a key of its own')
    await flusher.stop()
  })

  test('is named by the run that it was refused with, where the batch went out in several requests', async () => {
    const server = await destination((request, response) => {
      response.writeHead(request.headers['x-tag'] === 'b' ? 400 : 200).end()
    })
    const output = await outputTo(server.port, { header_tag: 'X-Tag' })
    const batch = batchOf([...numbered(1, 'a'), ...numbered(2, 'b'), ...numbered(1, 'c')])
    const error = await failure(output.flush(batch, forever))
    assert.ok(error instanceof PartialError)
    assert.deepEqual(error.together, [{ first: 1, count: 2 }])
  })

  for (const [code, all] of [
    [400, false],
    [422, false],
    [401, true],
    [403, true],
    [404, true],
    [405, true],
  ] as const) {
    test(`${code} is an answer to ${all ? 'any event' : 'these events'}`, async () => {
      const server = await destination(status(code))
      const error = await failure((await outputTo(server.port)).flush(batchOf(numbered(2)), forever))
      assert.ok(error instanceof PermanentError)
      assert.equal(error.all, all)
    })
  }

  test('an answer to any event is one for all requests of its tag', async () => {
    const server = await destination((request, response) => {
      response.writeHead(request.headers['x-tag'] === 'b' ? 403 : 200).end()
    })
    const output = await outputTo(server.port, { header_tag: 'X-Tag' })
    const error = await failure(output.flush(batchOf([...numbered(1, 'a'), ...numbered(2, 'b')]), forever))
    assert.ok(error instanceof PartialError)
    assert.deepEqual([[...error.rejected.keys()], error.together], [[1, 2], []])
  })
})
