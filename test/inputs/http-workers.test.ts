import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { join } from 'node:path'
import { describe, test, type TestContext } from 'node:test'

import fc from 'fast-check'

import { sharingOf } from '../../src/net/index.js'
import { childrenOf } from '../support/children.js'
import { folderOf } from '../support/folder.js'
import { type Ingesting, ingesting } from '../support/http-ingest.js'
import { type AnyRequest, anyRequest } from '../support/ingest-bodies.js'
import { MoodyReceiver } from '../support/moody-receiver.js'
import { accepts, freePort } from '../support/ports.js'
import { PostStorm } from '../support/post-storm.js'
import { randomOf } from '../support/random.js'
import { rowOf, sluice } from '../support/sluice.js'

const json = { 'content-type': 'application/json' }

/** Resolves once every worker listens, so that what follows comes to all of them. */
async function allListen(input: Ingesting, workers: number, lines: readonly string[]): Promise<void> {
  while (lines.filter((line) => line.includes('listening')).length < workers)
    await input.post('/', '[]', { ...json, connection: 'close' })
}

async function shared(t: TestContext, workers: number, more: object = {}): Promise<Ingesting> {
  const lines: string[] = []
  const input = await ingesting(t, {
    input: { workers, ...more },
    // What the workers have counted comes to the agent's ledger within the grace.
    service: { log_level: 'info', grace: '20s' },
    log: (line) => lines.push(line),
  })
  await allListen(input, workers, lines)
  return input
}

/** Whether a connection, which stays open until the test ends, gets an answer. */
async function isLetIn(t: TestContext, port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1').on('error', () => undefined)
  t.after(() => socket.destroy())
  socket.write('GET /health HTTP/1.1\r\nHost: a\r\n\r\n')
  return new Promise((resolve) => {
    socket.once('data', () => resolve(true)).once('close', () => resolve(false))
  })
}

describe('two workers', () => {
  test('answer as one does, whatever is posted, and give the same events', async (t) => {
    const [one, two] = [await shared(t, 1), await shared(t, 2)]
    const answered = async ({ post }: Ingesting, { path, headers, body }: AnyRequest): Promise<object> => {
      const { status, text, headers: given } = await post(path, body, { ...headers, connection: 'close' })
      return { status, text, type: given.get('content-type') }
    }
    const check = async (request: AnyRequest): Promise<void> => {
      assert.deepEqual(await answered(two, request), await answered(one, request))
    }
    await fc.assert(fc.asyncProperty(anyRequest, check), { numRuns: 300 })
    const plain = ({ events }: Ingesting): object[] => events.map(({ tag, record }) => ({ tag, record }))
    assert.ok(one.events.length > 0)
    assert.deepEqual(plain(two), plain(one))
    await Promise.all([one.agent.stop(), two.agent.stop()])
    const [expected, counted] = [one, two].map(({ agent }) => agent.ledger.inputs['http.0'])
    assert.deepEqual(counted, expected)
  })

  test('know a request again that came to the other one', async (t) => {
    const input = await shared(t, 2)
    const headers = { ...json, 'idempotency-key': 'k', connection: 'close' }
    const answers = await Promise.all(Array.from({ length: 20 }, () => input.post('/', '{"a":1}', headers)))
    assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([201]))
    assert.deepEqual(input.records, [{ a: 1 }])
    assert.equal(input.agent.ledger.inputs['http.0']?.counters['repeated_requests'], 19)
    const bad = await Promise.all(Array.from({ length: 6 }, () => input.post('/', '{"a":', headers)))
    assert.deepEqual(new Set(bad.map(({ status }) => status)), new Set([400]))
  })

  test('let in no more connections together than one may', async (t) => {
    const input = await shared(t, 2, { max_connections: 7, max_connections_per_address: 7 })
    const answers = await Promise.all(Array.from({ length: 40 }, () => isLetIn(t, input.port)))
    const letIn = answers.filter(Boolean).length
    // Those with which the test found out that both listen may still be open.
    assert.ok(letIn >= 3 && letIn <= 6, `${letIn} of 7 were let in`)
  })

  test('say no while there is no room, and yes again when there is', async (t) => {
    let release = (): void => undefined
    const held = new Promise<void>((resolve) => (release = resolve))
    const input = await ingesting(t, {
      input: { workers: 2, ack: 'received' },
      service: { memory_limit: '2MiB' },
      deliver: () => held,
    })
    const body = JSON.stringify(Array.from({ length: 100 }, () => ({ fill: 'x'.repeat(500) })))
    let taken = 0
    for (let status = 201; status !== 503;) {
      status = (await input.post('/', body)).status
      if (status === 201) taken += 100
    }
    assert.ok(taken * 500 < 2 * 1024 * 1024, 'no more was taken than there is memory')
    release()
    for (let status = 503; status !== 201;) ({ status } = await input.post('/', '{"last":1}'))
    await input.agent.stop()
    const { accepted, dropped } = input.agent.ledger.inputs['http.0'] ?? assert.fail('it has a ledger')
    assert.deepEqual([accepted, dropped], [taken + 1, {}])
  })
})

test('threads share a port where Node and the system can, processes do where not', () => {
  const by = (node: string, platform = 'linux'): string => sharingOf(2, { node, platform }).by
  assert.deepEqual(
    ['20.19.0', '22.11.0', '22.12.0', '23.0.0', '23.1.0', '24.0.0', '26.1.0'].map((node) => by(node)),
    ['processes', 'processes', 'threads', 'processes', 'threads', 'threads', 'threads'],
  )
  assert.deepEqual([by('24.0.0', 'darwin'), by('24.0.0', 'win32')], ['processes', 'processes'])
})

test('what cannot be shared is told by the check', async (t) => {
  const folder = folderOf(t, {})
  const check = async (options: string): Promise<string> => {
    const args = ['check', '-i', 'http', ...options.split(' ').flatMap((option) => ['-p', option]), '-o', 'null']
    const checked = sluice(t, args, { cwd: folder })
    assert.notEqual(await checked.exited, 0, checked.output)
    return checked.output
  }
  const expected = /workers: expected a host and a port that is not 0 to share/
  assert.match(await check('workers=2 port=0'), expected)
  assert.match(await check('workers=2 listen=unix:/run/x.sock'), expected)
})

function config(port: number, receiver: number): string {
  return `
service:
  flush: 20ms
  grace: 10s
  scheduler: { base: 20ms, cap: 100ms }
  storage: { path: storage, mode: durable }
pipeline:
  inputs: [{ name: http, port: ${port}, ack: stored, workers: 2 }]
  outputs: [{ name: forward, match: '*', port: ${receiver}, require_ack_response: on, max_batch_bytes: 32KiB }]
`
}

test('workers are killed in a storm of requests: what was answered with yes is delivered, and others take their place', async (t) => {
  if (sharingOf(2).by === 'threads') return t.skip('threads cannot be killed from outside')
  const receiver = new MoodyReceiver(await freePort(), randomOf(1))
  t.after(() => receiver.stop())
  await receiver.liveOn()
  receiver.becomeGood()
  const port = await freePort()
  const folder = folderOf(t, { 'sluice.yaml': config(port, receiver.port) })
  const agent = sluice(t, ['run', '-c', join(folder, 'sluice.yaml')], { cwd: folder })
  await agent.until(() => accepts(port), 'it takes requests')
  await agent.until(() => childrenOf(agent).length >= 2, 'it has two workers')
  const storm = new PostStorm(port)
  t.after(() => storm.close())
  for (let round = 0; round < 3; round++) {
    const [first = 0] = childrenOf(agent)
    await storm.blow(1000, async () => {
      process.kill(first, 'SIGKILL')
      await agent.until(() => !childrenOf(agent).includes(first) && childrenOf(agent).length === 2, 'it has two again')
    })
  }
  assert.equal(await agent.stop('SIGTERM'), 0, agent.stderr)
  await receiver.stop()
  assert.match(agent.stderr, /http\.0 failed: a worker is lost, .* SIGKILL/)
  assert.ok(storm.taken.size >= 3000)
  assert.deepEqual(
    [...storm.taken].filter((n) => !receiver.times.has(n)),
    [],
    'answered with yes, and never delivered',
  )
  const { accepted, delivered, dropped, left } = rowOf(agent.stderr, 'http.0')
  assert.deepEqual([left, accepted, dropped], [0, delivered, 0])
  assert.ok(accepted >= storm.taken.size)
})
