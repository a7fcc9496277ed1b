import assert from 'node:assert/strict'
import { test } from 'node:test'
import splunk from '../../outputs/splunk/index.js'
import { HttpDestination, type Received } from '../support/http-destination.js'
import { status } from '../support/http-output.js'
import { optionsOf } from '../support/options.js'
import { RecordingOutputContext } from '../support/output-context.js'
import { delivered, sending } from '../support/preset-pair.js'

const time = { seconds: 1_700_000_000, nanoseconds: 123_456_000 }

test('what is sent is read as it was by an agent that serves the collector', async (t) => {
  const sent = [
    { tag: 'log', record: { event: 'up', host: 'gw1', fields: { bus: 'can0' } }, time },
    { tag: 'log', record: { message: 'down', host: 'gw2' }, time },
  ]
  const output = { name: 'splunk', splunk_token: 'secret', event_host: '$host', compress: 'gzip' }
  const events = await delivered(t, { sent, output })
  assert.deepEqual(
    events.map(({ record, time: at }) => [record, at]),
    [
      [{ event: 'up', host: 'gw1', fields: { bus: 'can0' } }, time],
      [{ event: { message: 'down', host: 'gw2' }, host: 'gw2' }, time],
    ],
  )
})

async function collector(t: { after(end: () => Promise<void>): void }): Promise<HttpDestination> {
  const server = await new HttpDestination().listen()
  t.after(() => server.close())
  return server
}

test('a request has the token and the channel, and lines where these are asked for', async (t) => {
  const server = await collector(t)
  const channel = '0b1ab5e5-5b9d-4e0c-8d1f-2f4f6a0d9a11'
  const options = { port: server.port, splunk_token: 'secret', channel, splunk_send_raw: 'on', event_key: '$log' }
  const { push } = await sending(t, { name: 'splunk', ...options })
  await push({ tag: 'log', record: { log: 'a line' }, time })
  const [request] = server.requests
  assert.deepEqual(
    [request?.url, request?.headers.authorization, request?.headers['x-splunk-request-channel'], String(request?.body)],
    ['/services/collector/raw', 'Splunk secret', channel, 'a line\n'],
  )
})

test('a token that no header can hold is told when the output is made', () => {
  const context = new RecordingOutputContext()
  context.formatter = () => ({ contentType: 'application/json', format: () => new Uint8Array() })
  assert.throws(() => splunk.create(optionsOf(splunk, { splunk_token: 'secret\n' }), context), {
    code: 'HTTP_HEADER',
    message: 'header: the value of "authorization" holds a character that no header may have',
  })
})

test('an event that the collector names is given up alone, and the others are sent again at once', async (t) => {
  const server = await collector(t)
  const taken: string[] = []
  server.answer = (request, response) => {
    const lines = linesOf(request)
    const bad = lines.findIndex((line) => line.includes('bad'))
    const text = JSON.stringify({ text: 'Invalid data format', code: 6, 'invalid-event-number': bad })
    if (bad >= 0) return status(400, {}, text)(request, response)
    taken.push(...lines.map((line) => line.replace(/.*"event":"(\w+)".*/, '$1')))
    status(200)(request, response)
  }
  const { push, agent } = await sending(t, { name: 'splunk', port: server.port })
  const words = ['a', 'bad1', 'b', 'bad2', 'c']
  await Promise.allSettled(words.map((event) => push({ tag: 'log', record: { event }, time })))
  assert.deepEqual(taken, ['a', 'b', 'c'])
  assert.equal(server.requests.length, 3)
  const { delivered: got, dropped } = agent.ledger.outputs['splunk.0'] ?? {}
  assert.deepEqual([got, dropped], [3, { refused: 2 }])
})

test('a refusal that names no event that was sent is taken as any other', async (t) => {
  const server = await collector(t)
  server.answer = status(400, {}, '{"text":"Incorrect index","code":7,"invalid-event-number":9}')
  const { push, agent } = await sending(t, { name: 'splunk', port: server.port })
  await push({ tag: 'log', record: { event: 'a' }, time }).catch(() => undefined)
  assert.deepEqual(agent.ledger.outputs['splunk.0']?.dropped, { refused: 1 })
})

function linesOf({ body }: Received): string[] {
  return body
    .toString()
    .split('\n')
    .filter((line) => line !== '')
}
