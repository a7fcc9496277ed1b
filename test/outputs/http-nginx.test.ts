import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import http from '../../outputs/http/index.js'
import type { EventRecord } from '../../src/event/event.js'
import type { Batch, Output } from '../../src/plugin/define.js'
import { AgentError, PartialError, PermanentError, RetryLater } from '../../src/plugin/errors.js'
import { batchOf } from '../support/batch.js'
import { HttpDestination } from '../support/http-destination.js'
import { Nginx } from '../support/nginx.js'
import { optionsOf } from '../support/options.js'
import { RecordingOutputContext } from '../support/output-context.js'
import { peer } from '../support/peers.js'

const forever = new AbortController().signal

/** What nginx does at each path; `PORT` is a server behind it that keeps what comes through. */
const directives = `
  proxy_request_buffering on;
  location /ok { proxy_pass http://127.0.0.1:PORT; }
  location /small { client_max_body_size 400; proxy_pass http://127.0.0.1:PORT; }
  location /tiny { client_max_body_size 10; proxy_pass http://127.0.0.1:PORT; }
  location /busy { add_header Retry-After 7 always; return 429; }
  location /down { return 503; }
  location /gone { return 403; }
  location /moved { return 301 /ok; }
  location /nothing { return 444; }
  location /hole { proxy_pass http://127.0.0.1:PORT/hole; }
`

describe('the http output and nginx', { skip: peer('nginx').skip }, () => {
  const behind = new HttpDestination()
  const outputs: Output[] = []
  let nginx: Nginx

  before(async () => {
    await behind.listen()
    behind.answer = (request, response) => {
      if (request.url !== '/hole') response.writeHead(201).end()
    }
    nginx = await Nginx.start(directives.replaceAll('PORT', String(behind.port)))
  })

  after(async () => {
    for (const output of outputs) await output.close?.()
    await behind.close()
    await nginx.end() // last: where it did not come up, there is none
  })

  async function flush(uri: string, batch: Batch, signal = forever): Promise<Error | undefined> {
    const raw = { port: nginx.port, uri, format: 'json_lines', 'http.response_timeout': '100ms' }
    const output = await http.create(optionsOf(http, raw), new RecordingOutputContext())
    outputs.push(output)
    behind.requests.length = 0
    return output.flush(batch, signal).then(
      () => undefined,
      (error: Error) => error,
    )
  }

  function received(): EventRecord[] {
    const lines = behind.requests.flatMap(({ body }) =>
      body
        .toString()
        .split('\n')
        .filter((line) => line !== ''),
    )
    return lines.map((line) => {
      const { date: _date, ...record } = JSON.parse(line) as EventRecord
      return record
    })
  }

  test('200: everything arrives', async () => {
    assert.equal(await flush('/ok', numbered(1000)), undefined)
    assert.deepEqual(received(), records(1000))
  })

  test('413: the batch arrives in parts, in order', async () => {
    assert.equal(await flush('/small', numbered(100)), undefined)
    assert.ok(behind.requests.length > 1)
    assert.ok(behind.requests.every(({ body }) => body.length <= 400))
    assert.deepEqual(received(), records(100))
  })

  test('413 to single events: these are refused by their indexes', async () => {
    const error = await flush('/tiny', numbered(3))
    assert.ok(error instanceof PartialError, String(error))
    assert.deepEqual([...error.rejected.keys()], [0, 1, 2])
    assert.deepEqual(received(), [])
  })

  test('413 to a body of some megabytes, of which nginx reads none: one request, and parts', async () => {
    const batch = batchOf(Array.from({ length: 4 }, (_, n) => ({ record: { n, fill: 'x'.repeat(600_000) } })))
    assert.equal(await flush('/ok', batch), undefined)
    assert.deepEqual(
      received().map(({ n }) => n),
      [0, 1, 2, 3],
    )
  })

  test('429 with Retry-After: again, but only then', async () => {
    const error = await flush('/busy', numbered(1))
    assert.ok(error instanceof RetryLater, String(error))
    assert.equal(error.afterMs, 7000)
  })

  test('503: again', async () => {
    const error = await flush('/down', numbered(1))
    assert.ok(error instanceof AgentError && !(error instanceof PermanentError), String(error))
    assert.match(error.message, /answered 503/)
  })

  test('403: never again', async () => {
    const error = await flush('/gone', numbered(1))
    assert.ok(error instanceof PermanentError, String(error))
    assert.match(error.message, /answered 403 "<html>/)
  })

  test('301: again, and the error says where to', async () => {
    const error = await flush('/moved', numbered(1))
    assert.ok(error instanceof AgentError && !(error instanceof PermanentError), String(error))
    assert.match(error.message, /a redirect to "http:\/\/127\.0\.0\.1(:\d+)?\/ok"/)
  })

  test('a connection that nginx closes without a word: again', async () => {
    const error = await flush('/nothing', numbered(1))
    assert.ok(error instanceof AgentError && !(error instanceof PermanentError), String(error))
  })

  test('a black hole: again after response_timeout', async () => {
    const error = await flush('/hole', numbered(1))
    assert.ok(error instanceof AgentError && !(error instanceof PermanentError), String(error))
    assert.match(error.message, /timeout/i)
    assert.equal(behind.requests.length, 1)
  })

  test('a black hole: the engine may end it sooner', async () => {
    const abort = new AbortController()
    const flushed = flush('/hole', numbered(1), abort.signal)
    await behind.received(1)
    abort.abort(new AgentError('TEST_ABORT', 'stopped'))
    assert.equal((await flushed)?.message, 'stopped')
  })

  test('nginx stopped and started again: the retry arrives', async () => {
    await nginx.stop()
    assert.ok((await flush('/ok', numbered(5))) instanceof AgentError)
    await nginx.start()
    assert.equal(await flush('/ok', numbered(5)), undefined)
    assert.deepEqual(received(), records(5))
  })
})

function records(count: number): EventRecord[] {
  return Array.from({ length: count }, (_, n) => ({ n }))
}

function numbered(count: number): Batch {
  return batchOf(records(count).map((record) => ({ record })))
}
