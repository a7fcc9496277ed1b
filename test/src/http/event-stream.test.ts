import assert from 'node:assert/strict'
import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { test, type TestContext } from 'node:test'

import { systemClock } from '../../../src/base/clock.js'
import { eventText } from '../../../src/http/event-stream.js'
import { type EventStream, type EventStreamSettings, openEventStream, type Stage } from '../../../src/http/index.js'
import { FakeClock } from '../../support/fake-clock.js'
import { type RunningServer, startServer } from '../../support/http-server.js'
import { within } from '../../support/within.js'

test('what would end a line never ends a field', () => {
  const rows = [
    [{ data: 'a' }, 'data: a\n\n'],
    [{ data: '' }, 'data: \n\n'],
    [{ data: 'a\nb\r\nc\rd', event: 'x' }, 'event: x\ndata: a\ndata: b\ndata: c\ndata: d\n\n'],
    [{ data: 'a', event: 'x\ndata: forged', id: '1\0\r2' }, 'event: x data: forged\nid: 1  2\ndata: a\n\n'],
  ] as const
  for (const [event, text] of rows) assert.equal(eventText(event), text)
})

test('events reach the client as they are sent, until it goes away', async (t) => {
  const { server, opened } = await streaming(t, { retryMs: 2500 })
  const answer = await listen(server)
  const stream = await opened()
  assert.equal(answer.headers['content-type'], 'text/event-stream')
  stream.send({ data: 'first' })
  await shows(answer, 'retry: 2500\n\ndata: first\n\n')
  stream.send({ data: 'second', event: 'tap', id: '7' })
  await shows(answer, 'event: tap\nid: 7\ndata: second\n\n')
  answer.destroy()
  await stream.closed
  stream.send({ data: 'nobody hears it' })
})

test('a client that reads nothing loses the oldest events, and those who read lose none', async (t) => {
  const { server, opened } = await streaming(t, { limitBytes: 100_000 })
  const slow = connect(server.port, '127.0.0.1').pause()
  slow.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
  const slowStream = await opened()
  const quick = await listen(server)
  const quickStream = await opened()
  let at = 0
  for (; slowStream.dropped === 0; at++) {
    for (const stream of [slowStream, quickStream]) stream.send({ data: `${at} ${'x'.repeat(9000)}` })
    await shows(quick, `data: ${at} `)
  }
  for (const stream of [slowStream, quickStream]) stream.send({ data: 'the last' })
  await shows(quick, 'the last')
  assert.equal(quickStream.dropped, 0)
  const text = await textUntil(slow.resume(), 'the last')
  const numbers = [...text.matchAll(/^data: (\d+)/gm)].map(([, number]) => Number(number))
  const lost = Array.from({ length: at }, (_, number) => number).filter((number) => !numbers.includes(number))
  assert.equal(lost.length, slowStream.dropped)
  assert.ok(
    lost.every((number) => number < at - 5 && number > 0),
    `the oldest are lost, not ${lost.join()}`,
  )
  slow.destroy()
})

test('a comment now and then keeps a silent stream alive', async (t) => {
  const clock = new FakeClock()
  const { server, opened } = await streaming(t, { clock, keepAliveMs: 1000 })
  const answer = await listen(server)
  const stream = await opened()
  await clock.advance(3000)
  await shows(answer, ':\n\n:\n\n:\n\n')
  answer.destroy()
  await stream.closed
  assert.equal(clock.waiting, 0)
})

test('a server that stops ends its streams at once, whether the client reads or not', async (t) => {
  const { server, opened } = await streaming(t)
  const answer = await listen(server)
  await opened()
  const slow = connect(server.port, '127.0.0.1').pause()
  slow.on('error', () => undefined).write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
  const stream = await opened()
  while (stream.dropped === 0) stream.send({ data: 'x'.repeat(9000) })
  await within(20_000, server.stop(), 'the stop of a server with streams')
  await once(answer.resume(), 'end')
  assert.equal(answer.complete, true)
  slow.destroy()
})

test('HEAD gets the head of a stream, and its end', async (t) => {
  const { server } = await streaming(t)
  const { status, headers } = await fetch(server.url, { method: 'HEAD' })
  assert.deepEqual([status, headers.get('content-type')], [200, 'text/event-stream'])
  await within(20_000, server.stop(), 'the stop of a server without streams')
})

interface Streaming {
  readonly server: RunningServer
  /** The stream of the next client. */
  readonly opened: () => Promise<EventStream>
}

async function streaming(t: TestContext, settings: Partial<EventStreamSettings> = {}): Promise<Streaming> {
  const streams: EventStream[] = []
  let wake = (): void => undefined
  const stage: Stage = {
    handle: (exchange) => {
      streams.push(openEventStream(exchange, { clock: systemClock, limitBytes: 50_000, ...settings }))
      wake()
      return true
    },
  }
  const server = await startServer(t, { stages: [stage], limits: { drainMs: 60_000 } })
  const opened = async (): Promise<EventStream> => {
    while (streams.length === 0) await new Promise<void>((resolve) => (wake = resolve))
    return streams.shift() as EventStream
  }
  return { server, opened }
}

function listen({ url }: RunningServer): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    get(url, resolve).once('error', reject)
  })
}

/** Reads until all of this text came. */
async function shows(stream: IncomingMessage, text: string): Promise<void> {
  await within(20_000, textUntil(stream, text), `"${text}"`)
}

async function textUntil(stream: NodeJS.ReadableStream, wanted: string): Promise<string> {
  let text = ''
  for (;;) {
    const bytes = stream.read() as Buffer | null
    if (bytes !== null) text += bytes.toString()
    if (text.includes(wanted)) return text
    if (bytes === null) await once(stream as IncomingMessage, 'readable')
  }
}
