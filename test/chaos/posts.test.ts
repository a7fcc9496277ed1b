import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'

import { folderOf } from '../support/folder.js'
import { MoodyReceiver } from '../support/moody-receiver.js'
import { accepts, freePort } from '../support/ports.js'
import { PostStorm } from '../support/post-storm.js'
import type { TestProcess } from '../support/process.js'
import { randomOf } from '../support/random.js'
import { rowOf, sluice } from '../support/sluice.js'

const rounds = Number(process.env['SLUICE_CHAOS_ROUNDS'] ?? 4)
const seed = Number(process.env['SLUICE_CHAOS_SEED'] ?? Math.floor(Math.random() * 2 ** 31))
/** What a round may deliver twice: all since the last checkpoint, and what the receiver took without saying so. */
const mostDuplicates = 6000

function config(port: number, receiver: number): string {
  return `
service:
  flush: 20ms
  grace: 10s
  checkpoint_interval: 200ms
  scheduler: { base: 20ms, cap: 100ms }
  storage: { path: storage, mode: durable, segment_size: 256KiB }
pipeline:
  inputs: [{ name: http, port: ${port}, ack: stored }]
  outputs:
    - { name: forward, match: '*', port: ${receiver}, require_ack_response: on, flush_timeout: 300ms, max_batch_bytes: 8KiB, max_batch_age: 0s }
`
}

class Gateway {
  readonly port: number
  readonly #t: TestContext
  readonly #folder: string

  constructor(t: TestContext, port: number, receiver: number) {
    this.#t = t
    this.port = port
    this.#folder = folderOf(t, { 'sluice.yaml': config(port, receiver) })
  }

  /** The program itself, once it takes requests. */
  async start(): Promise<TestProcess> {
    const started = sluice(this.#t, ['run', '-c', join(this.#folder, 'sluice.yaml')], { cwd: this.#folder })
    await started.until(() => accepts(this.port), 'it takes requests')
    return started
  }
}

test('the program is killed in a storm of requests, again and again: what was answered with yes is delivered', async (t) => {
  t.diagnostic(`seed ${seed}`)
  const random = randomOf(seed)
  const receiver = new MoodyReceiver(await freePort(), random)
  t.after(() => receiver.stop())
  const gateway = new Gateway(t, await freePort(), receiver.port)
  const storm = new PostStorm(gateway.port)
  t.after(() => storm.close())
  for (let round = 0; round < rounds; round++) {
    await receiver.liveOn()
    const agent = await gateway.start()
    await storm.blow(Math.floor(random() ** 3 * 4000), () => agent.stop('SIGKILL'))
  }
  await receiver.restart()
  receiver.becomeGood()
  const last = await gateway.start()
  assert.equal(await last.stop('SIGTERM'), 0, last.stderr)
  await receiver.stop()
  const { taken, sent, refused } = storm
  const { duplicates, times } = receiver
  t.diagnostic(
    JSON.stringify({ rounds, sent, taken: taken.size, received: times.size, duplicates, refused: [...refused] }),
  )
  assert.ok(taken.size > 0)
  assert.deepEqual(
    [...taken].filter((n) => !times.has(n)),
    [],
    'answered with yes, and never delivered',
  )
  assert.deepEqual(
    [...times.keys()].filter((n) => n >= sent),
    [],
    'delivered, and never sent',
  )
  assert.ok(duplicates <= mostDuplicates * rounds, `${duplicates} duplicates`)
  const { accepted, delivered, dropped, left } = rowOf(last.stderr, 'http.0')
  assert.deepEqual([left, accepted], [0, delivered + dropped])
})
