import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type ClientHttp2Session, type ClientHttp2Stream, connect, type OutgoingHttpHeaders } from 'node:http2'
import { test, type TestContext } from 'node:test'

import { type HttpExchange, routerOf, type Stage } from '../../../src/http/index.js'
import { FakeClock } from '../../support/fake-clock.js'
import { folderOf } from '../../support/folder.js'
import { type ServerParts, startServer, type RunningServer } from '../../support/http-server.js'
import { RecordingInputContext } from '../../support/input-context.js'
import { peer } from '../../support/peers.js'
import { run } from '../../support/program.js'
import { within } from '../../support/within.js'

const curl = peer('curl')
const h2load = peer('h2load')
const nghttp = peer('nghttp')

const stage: Stage = {
  handle: routerOf({
    'GET /': (exchange) => exchange.reply(200, `HTTP/${exchange.request.httpVersion} ${exchange.host}`),
    'POST /': async (exchange) => exchange.reply(200, String((await exchange.body()).length)),
  }),
}

interface Client extends RunningServer {
  readonly session: ClientHttp2Session
}

async function connected(t: TestContext, parts: Partial<ServerParts> = {}): Promise<Client> {
  const server = await startServer(t, { stages: [stage], ...parts })
  const session = connect(server.url)
  session.on('error', () => undefined) // what a test looks for, it looks for at the stream
  t.after(() => session.destroy())
  await once(session, 'connect')
  return { ...server, session }
}

function ask(session: ClientHttp2Session, headers: OutgoingHttpHeaders = {}, endStream = true): ClientHttp2Stream {
  return session.request({ ':path': '/', ...headers }, { endStream })
}

interface Answer {
  readonly status: number
  readonly text: string
}

async function answerTo(stream: ClientHttp2Stream): Promise<Answer> {
  let text = ''
  stream.setEncoding('utf8').on('data', (part: string) => (text += part))
  const [headers] = (await once(stream, 'response')) as [{ readonly ':status': number }]
  await once(stream, 'close')
  return { status: headers[':status'], text }
}

test(
  'curl speaks HTTP/2 by prior knowledge, and HTTP/1.1 on the same port, where it may ask for the other',
  { skip: curl.skip },
  async (t) => {
    const { url } = await startServer(t, { stages: [stage] })
    const answers = ['--http2-prior-knowledge', '--http1.1', '--http2'].map(
      async (wish) => (await run(curl.path, ['-sS', wish, url])).output,
    )
    assert.deepEqual(await Promise.all(answers), ['HTTP/2.0 127.0.0.1', 'HTTP/1.1 127.0.0.1', 'HTTP/1.1 127.0.0.1'])
  },
)

test('where HTTP/2 is off, its preface is a request that cannot be read', { skip: curl.skip }, async (t) => {
  const { url } = await startServer(t, { stages: [stage], http2: false })
  assert.notEqual((await run(curl.path, ['-sS', '--http2-prior-knowledge', url])).code, 0)
  assert.equal((await run(curl.path, ['-sS', url])).output, 'HTTP/1.1 127.0.0.1')
})

test('h2load has every request of many streams answered, bodies of 300 KB too', { skip: h2load.skip }, async (t) => {
  const { url, context } = await startServer(t, { stages: [stage] })
  const body = `${folderOf(t, { body: 'x'.repeat(300_000) })}/body`
  const { output } = await run(h2load.path, ['-n', '300', '-c', '3', '-m', '50', '-d', body, url])
  assert.match(output, /requests: 300 total, 300 started, 300 done, 300 succeeded, 0 failed, 0 errored/)
  assert.deepEqual([context.counted, context.reserved], [{}, 0])
})

test('nghttp is told the windows, frames and streams that it may have', { skip: nghttp.skip }, async (t) => {
  const { url } = await startServer(t, { stages: [stage] })
  const { output } = await run(nghttp.path, ['-nv', url])
  assert.match(output, /SETTINGS_INITIAL_WINDOW_SIZE\(0x04\):1048576/)
  assert.match(output, /SETTINGS_MAX_FRAME_SIZE\(0x05\):65536/)
  assert.match(output, /SETTINGS_MAX_CONCURRENT_STREAMS\(0x03\):128/)
  assert.match(output, /SETTINGS_MAX_HEADER_LIST_SIZE\(0x06\):32768/)
  assert.match(output, /recv WINDOW_UPDATE frame[^]*stream_id=0[^]*window_size_increment=8323073/)
  assert.match(output, /:status: 200/)
})

test('a client that drops its stream before the answer costs nobody anything', async (t) => {
  const asked: HttpExchange[] = []
  const held: Stage = { handle: (exchange) => exchange.path === '/held' && new Promise(() => asked.push(exchange)) }
  const { session, context } = await connected(t, { stages: [held, stage] })
  const stream = ask(session, { ':path': '/held' })
  stream.on('error', () => undefined) // it is this test that ends it
  while (asked.length === 0) await new Promise((resolve) => setImmediate(resolve))
  const [exchange] = asked as [HttpExchange]
  const gone = once(exchange.signal, 'abort')
  stream.close(8)
  await gone
  assert.ok(exchange.isAborted)
  exchange.reply(200, 'too late')
  exchange.json(200, {})
  assert.equal((await answerTo(ask(session))).status, 200)
  assert.deepEqual(context.counted, {})
})

test('a body that comes too slowly gets a 408, and other streams of the connection go on', async (t) => {
  const clock = new FakeClock()
  const { session, context } = await connected(t, { context: new RecordingInputContext(clock) })
  const slow = ask(session, { ':method': 'POST' }, false)
  slow.write('half')
  const refused = answerTo(slow)
  assert.equal((await answerTo(ask(session))).status, 200)
  await clock.advance(59_000)
  assert.equal((await answerTo(ask(session))).status, 200)
  await clock.advance(3000)
  assert.equal((await refused).status, 408)
  assert.deepEqual([context.counted, context.reserved], [{ refused_too_slow: 1 }, 0])
  assert.equal((await answerTo(ask(session))).status, 200)
})

test('an answer may take as long as it likes once the request is there, whether or not somebody reads its body', async (t) => {
  const clock = new FakeClock()
  const open: HttpExchange[] = []
  const live: Stage = {
    handle: ({ response }) => {
      response.writeHead(200).write('first ')
      return true
    },
    onRequest: (exchange) => open.push(exchange) < 0,
  }
  const { session, context } = await connected(t, { stages: [live], context: new RecordingInputContext(clock) })
  const [got, posted] = [ask(session), ask(session, { ':method': 'POST' }, false)]
  posted.end('unread')
  const answers = [got, posted].map((stream) => answerTo(stream))
  await Promise.all([got, posted].map((stream) => once(stream, 'response')))
  await clock.advance(600_000)
  for (const { response } of open) response.end('last')
  for (const answer of answers) assert.deepEqual(await answer, { status: 200, text: 'first last' })
  assert.deepEqual(context.counted, {})
})

test('a connection that asks for nothing is told to go, though it sends pings', async (t) => {
  const clock = new FakeClock()
  const { session } = await connected(t, { context: new RecordingInputContext(clock) })
  assert.equal((await answerTo(ask(session))).status, 200)
  const closed = once(session, 'close')
  await clock.advance(9000)
  await new Promise((resolve) => session.ping(() => resolve(undefined)))
  assert.ok(!session.closed)
  await clock.advance(3000)
  await closed
})

test('a client that does not take its answer loses it, and nothing else', async (t) => {
  const big: Stage = { handle: (exchange) => exchange.path === '/big' && exchange.reply(200, Buffer.alloc(1 << 22)) }
  const { session, context } = await connected(t, { stages: [big, stage], limits: { requestMs: 1000 } })
  const stream = ask(session, { ':path': '/big' })
  stream.on('error', () => undefined) // it is the server that ends it
  await once(stream, 'response')
  await context.until(() => context.counted['refused_too_slow_to_read'] === 1)
  assert.equal((await answerTo(ask(session))).status, 200)
})

test('a connection is told to go when it has had its requests, each of which is answered', async (t) => {
  const { session } = await connected(t, { limits: { requestsPerConnection: 3 } })
  const goaway = once(session, 'goaway')
  const answers = await Promise.all([1, 2, 3].map(() => answerTo(ask(session))))
  assert.deepEqual(
    answers.map(({ status }) => status),
    [200, 200, 200],
  )
  assert.equal((await goaway)[0], 0)
})

test('headers that are too long or too many get a 431, and more than twice as much a reset', async (t) => {
  const { session, context } = await connected(t, { limits: { headerBytes: 2000, headerCount: 20 } })
  assert.equal((await answerTo(ask(session, { long: 'x'.repeat(2000) }))).status, 431)
  const many = (count: number): OutgoingHttpHeaders =>
    Object.fromEntries(Array.from({ length: count }, (_, at) => [`x-${at}`, 'y']))
  assert.equal((await answerTo(ask(session, many(20)))).status, 431)
  assert.deepEqual(context.counted, { refused_header_too_long: 1, refused_too_many_headers: 1 })
  for (const headers of [{ long: 'x'.repeat(5000) }, many(50)])
    await assert.rejects(answerTo(ask(session, headers)), /NGHTTP2_ENHANCE_YOUR_CALM/)
  assert.equal((await answerTo(ask(session))).status, 200)
  const counted = async (): Promise<void> => {
    while (context.counted['refused_broken_http2'] !== 2) await new Promise((resolve) => setImmediate(resolve))
  }
  await within(15_000, counted(), 'Node tells nobody of a reset, and yet both are counted')
})

test('a host beside the authority must be the same', async (t) => {
  const { session } = await connected(t)
  assert.equal((await answerTo(ask(session, { ':authority': 'a', host: 'b' }))).status, 400)
  assert.deepEqual(await answerTo(ask(session, { ':authority': 'a', host: 'a' })), { status: 200, text: 'HTTP/2.0 a' })
})

test('stopping lets requests end that are being served, and tells the client to go', async (t) => {
  let finish = (): void => undefined
  let begin = (): void => undefined
  const begun = new Promise<void>((resolve) => (begin = resolve))
  const slow: Stage = {
    handle: (exchange) =>
      new Promise((resolve) => {
        finish = () => resolve(exchange.reply(200, 'done'))
        begin()
      }),
  }
  const { session, stop } = await connected(t, { stages: [slow] })
  const answer = answerTo(ask(session))
  await begun
  const goaway = once(session, 'goaway')
  const stopped = stop()
  await goaway
  finish()
  assert.deepEqual(await answer, { status: 200, text: 'done' })
  await stopped
})

test('a request that takes longer than the server waits when it stops gets a 503', async (t) => {
  const never: Stage = { handle: () => new Promise(() => undefined) }
  const { session, stop } = await connected(t, { stages: [never], limits: { drainMs: 50 } })
  const answer = answerTo(ask(session))
  await new Promise((resolve) => session.ping(() => resolve(undefined)))
  await stop()
  assert.equal((await answer).status, 503)
})

test('a client that goes on sending after it was refused has its request ended', async (t) => {
  const refusing: Stage = { handle: (exchange) => exchange.problem(503, 'no') }
  const { url } = await startServer(t, { stages: [refusing], limits: { bodyBytes: 100_000, requestMs: 100 } })
  const client = connect(url)
  t.after(() => client.destroy())
  for (const bytes of [300_000, 1000]) {
    const stream = client.request({ ':method': 'POST', ':path': '/' })
    const answered = once(stream, 'response')
    const closed = once(stream, 'close')
    stream.resume().write(Buffer.alloc(bytes))
    const [headers] = (await answered) as [{ readonly ':status': number }]
    await closed
    assert.deepEqual([headers[':status'], stream.rstCode], [503, 0], `${bytes} bytes`)
  }
})
