import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'

import { folderOf } from '../support/folder.js'
import { ForwardStorm } from '../support/forward-storm.js'
import { MoodyReceiver } from '../support/moody-receiver.js'
import { accepts, freePort } from '../support/ports.js'
import type { TestProcess } from '../support/process.js'
import { randomOf } from '../support/random.js'
import { rowOf, sluice } from '../support/sluice.js'

const rounds = Number(process.env['SLUICE_CHAOS_ROUNDS'] ?? 3)
const seed = Number(process.env['SLUICE_CHAOS_SEED'] ?? Math.floor(Math.random() * 2 ** 31))
/** What the loss of one process may deliver twice: all since its last checkpoint, and what it took without saying so. */
const mostDuplicates = 6000

function config(port: number, next: number): string {
  return `
service:
  flush: 20ms
  grace: 10s
  checkpoint_interval: 200ms
  scheduler: { base: 20ms, cap: 100ms }
  storage: { path: storage, mode: durable, segment_size: 256KiB }
pipeline:
  inputs: [{ name: forward, listen: '127.0.0.1:${port}', ack: stored, dedupe: 10m }]
  outputs:
    - { name: forward, match: '*', port: ${next}, flush_timeout: 500ms, max_batch_bytes: 8KiB, max_batch_age: 0s }
`
}

/** One gateway of the chain, which takes events and passes them on. */
class Gateway {
  readonly port: number
  readonly #t: TestContext
  readonly #folder: string
  #process: TestProcess | undefined

  constructor(t: TestContext, port: number, next: number) {
    this.#t = t
    this.port = port
    this.#folder = folderOf(t, { 'sluice.yaml': config(port, next) })
  }

  async start(): Promise<void> {
    const args = ['run', '-c', join(this.#folder, 'sluice.yaml')]
    this.#process = sluice(this.#t, args, { cwd: this.#folder })
    await this.#process.until(() => accepts(this.port), 'it takes connections')
  }

  async restart(): Promise<void> {
    await this.#process?.stop('SIGKILL')
    await this.start()
  }

  /** Everything it has taken is delivered. What was delivered since the last checkpoint before a kill counts as `crash`. */
  async end(): Promise<number> {
    const code = await this.#process?.stop('SIGTERM')
    const { stderr = '' } = this.#process ?? {}
    assert.equal(code, 0, stderr)
    const { accepted, delivered, dropped, left, notes } = rowOf(stderr, 'forward.0')
    assert.deepEqual([left, accepted], [0, delivered + dropped], stderr)
    assert.match(notes, /^(crash \d+)?$/)
    return accepted
  }
}

/** Senders, two gateways one behind the other, and who takes what comes out at the end. */
class Chain {
  readonly receiver: MoodyReceiver
  readonly gateways: readonly [first: Gateway, second: Gateway]
  readonly storm: ForwardStorm

  private constructor(receiver: MoodyReceiver, gateways: readonly [Gateway, Gateway], storm: ForwardStorm) {
    this.receiver = receiver
    this.gateways = gateways
    this.storm = storm
  }

  static async open(t: TestContext, random: () => number, impatience: number): Promise<Chain> {
    t.diagnostic(`seed ${seed}`)
    const receiver = new MoodyReceiver(await freePort(), random)
    t.after(() => receiver.stop())
    const second = new Gateway(t, await freePort(), receiver.port)
    const first = new Gateway(t, await freePort(), second.port)
    await Promise.all([receiver.restart(), first.start(), second.start()])
    return new Chain(receiver, [first, second], new ForwardStorm(first.port, random, impatience))
  }

  /** Lets everything arrive; what was acknowledged has, and nothing else. */
  async end(t: TestContext): Promise<{ readonly accepted: number }> {
    this.receiver.becomeGood()
    const accepted = await this.gateways[0].end()
    await this.gateways[1].end()
    await this.receiver.stop()
    const { sent, acknowledged, repeats } = this.storm
    const { times, duplicates } = this.receiver
    t.diagnostic(JSON.stringify({ sent, acknowledged: acknowledged.size, repeats, received: times.size, duplicates }))
    assert.ok(acknowledged.size > 0)
    const missing = [...acknowledged].filter((n) => !times.has(n))
    assert.deepEqual(missing, [], 'acknowledged, and never delivered')
    const unknown = [...times.keys()].filter((n) => n >= sent)
    assert.deepEqual(unknown, [], 'delivered, and never sent')
    return { accepted }
  }
}

test('gateways in a chain are killed in turn, again and again: what was acknowledged is delivered', async (t) => {
  const random = randomOf(seed)
  const chain = await Chain.open(t, random, 0.02)
  const { storm, gateways, receiver } = chain
  for (let round = 0; round < rounds; round++) {
    const victim = gateways[random() < 0.5 ? 0 : 1]
    await storm.blow(Math.floor(random() ** 3 * 4000), () => victim.restart())
  }
  await chain.end(t)
  assert.ok(receiver.duplicates <= mostDuplicates * rounds, `${receiver.duplicates} duplicates`)
})

test('senders that lose every fifth connection before the answer have nothing delivered twice', async (t) => {
  const chain = await Chain.open(t, randomOf(seed), 0.2)
  const { storm, receiver } = chain
  receiver.becomeGood()
  await storm.blow(3000, () => Promise.resolve())
  const { accepted } = await chain.end(t)
  assert.ok(storm.repeats > 10, `${storm.repeats} repeats`)
  assert.deepEqual([accepted, receiver.duplicates], [storm.sent, 0])
})
