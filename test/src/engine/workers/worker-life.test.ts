import assert from 'node:assert/strict'
import cluster from 'node:cluster'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { describe, test } from 'node:test'

import http from '../../../../inputs/http/index.js'
import { systemClock } from '../../../../src/base/clock.js'
import { workerInput } from '../../../../src/engine/workers/worker-life.js'
import type { Input } from '../../../../src/plugin/define.js'
import { RecordingInputContext } from '../../../support/input-context.js'
import { optionsOf } from '../../../support/options.js'
import { accepts, freePort } from '../../../support/ports.js'

function workerOn(port: number, by: 'threads' | 'processes', context: RecordingInputContext): Input {
  const options = { ...optionsOf(http, { port, tag_from_path: false }), tag: 'made' }
  return workerInput({
    by,
    setup: { kind: 'input', id: 'http.0', plugin: 'http', options, parsers: [] },
    context,
    lines: { write: (level, _, message, fields) => context.log[level](message, { ...fields }) },
    freeBytes: () => 1e6,
  })
}

const headers = { connection: 'close', 'content-type': 'application/json' }

async function listening(port: number): Promise<void> {
  while (!(await accepts(port))) await new Promise((resolve) => setImmediate(resolve))
}

for (const by of ['threads', 'processes'] as const) {
  describe(`a worker among ${by}`, () => {
    test('gives its events, counts and lines to the agent, says yes when that does, and ends when it is told to', async () => {
      const context = new RecordingInputContext(systemClock)
      const port = await freePort()
      const stop = new AbortController()
      const running = workerOn(port, by, context).run(stop.signal)
      await listening(port)
      const posted = fetch(`http://127.0.0.1:${port}/`, {
        method: 'POST',
        body: '{"a":1}',
        headers,
      })
      await context.received(1)
      assert.deepEqual(
        context.events.map(({ tag, record }) => [tag, record]),
        [['made', { a: 1 }]],
      )
      assert.equal(await Promise.race([posted, Promise.resolve('no answer yet')]), 'no answer yet')
      context.acks[0]?.()
      assert.equal((await posted).status, 201)
      const bad = await fetch(`http://127.0.0.1:${port}/`, {
        method: 'POST',
        body: '{',
        headers,
      })
      assert.equal(bad.status, 400)
      await context.until(() => context.counted['refused_invalid'] === 1)
      stop.abort()
      await running
      assert.equal(context.reserved, 0)
      assert.ok(context.log.lines.some(({ message }) => message === 'listening'))
      assert.ok(!(await accepts(port)))
    })

    test('that cannot listen fails as its input does', async (t) => {
      const taken = createServer().listen(0, '127.0.0.1')
      t.after(() => void taken.close())
      await once(taken, 'listening')
      const { port } = taken.address() as { readonly port: number }
      const context = new RecordingInputContext(systemClock)
      const running = workerOn(port, by, context).run(new AbortController().signal)
      await assert.rejects(running, { code: 'ENGINE_WORKER_FAILED', message: /EADDRINUSE/ })
      assert.deepEqual(context.counted, {})
    })
  })
}

test('a worker that is killed is counted, and its run fails, so that there will be another', async () => {
  const context = new RecordingInputContext(systemClock)
  const port = await freePort()
  const running = workerOn(port, 'processes', context).run(new AbortController().signal)
  await listening(port)
  for (const worker of Object.values(cluster.workers ?? {})) worker?.process.kill('SIGKILL')
  await assert.rejects(running, { code: 'ENGINE_WORKER_LOST', message: /SIGKILL/ })
  assert.deepEqual(context.counted, { lost_workers: 1 })
})

test('a worker that cannot be started is lost as well', async (t) => {
  t.after(() => cluster.setupPrimary({ cwd: process.cwd() }))
  cluster.setupPrimary({ cwd: '/nowhere' })
  const context = new RecordingInputContext(systemClock)
  const running = workerOn(await freePort(), 'processes', context).run(new AbortController().signal)
  await assert.rejects(running, { code: 'ENGINE_WORKER_LOST', message: /ENOENT/ })
})
