import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'

import type { Health } from '../../src/admin/health.js'
import { FaultyImage } from '../support/faulty-image.js'
import { folderOf } from '../support/folder.js'
import { LoopDisk } from '../support/loop-disk.js'
import { MoodyReceiver } from '../support/moody-receiver.js'
import { freePort } from '../support/ports.js'
import { PostStorm } from '../support/post-storm.js'
import type { TestProcess } from '../support/process.js'
import { randomOf } from '../support/random.js'
import { rowOf, sluice, type SummaryRow } from '../support/sluice.js'

const rounds = Number(process.env['SLUICE_CHAOS_ROUNDS'] ?? 2)
const seed = Number(process.env['SLUICE_CHAOS_SEED'] ?? Math.floor(Math.random() * 2 ** 31))
const random = randomOf(seed)
/** Events that are taken before the disk fails. */
const some = 400
const longestCalmMs = 50
const isMissing = 'expected a file system, got none'

interface Ports {
  readonly input: number
  readonly receiver: number
  readonly admin: number
}

function config({ input, receiver, admin }: Ports, storage: string): string {
  return `
service:
  flush: 20ms
  grace: 10s
  memory_limit: 1MiB
  http_server: on
  http_port: ${admin}
  checkpoint_interval: 200ms
  scheduler: { base: 20ms, cap: 100ms }
  storage: { path: ${storage}, mode: durable, segment_size: 256KiB }
pipeline:
  inputs: [{ name: http, port: ${input}, ack: stored }]
  outputs:
    - { name: forward, match: '*', port: ${receiver}, require_ack_response: on, flush_timeout: 500ms, max_batch_bytes: 8KiB, max_batch_age: 0s }
`
}

/** What the agent says of its disk; undefined while it says nothing. */
async function diskOf(admin: number): Promise<string | undefined> {
  const answer = await fetch(`http://127.0.0.1:${admin}/health/ready`).catch(() => undefined)
  const health = (await answer?.json()) as Health | undefined
  return health?.checks.find(({ check }) => check === 'disk')?.value as string | undefined
}

/** The program on a disk that will break, and senders; the receiver is not there until the end. */
class World {
  readonly disk: LoopDisk
  readonly storm: PostStorm
  readonly #t: TestContext
  readonly #ports: Ports
  readonly #folder: string
  readonly #receiver: MoodyReceiver

  private constructor(t: TestContext, ports: Ports, disk: LoopDisk) {
    this.disk = disk
    this.storm = new PostStorm(ports.input)
    this.#t = t
    this.#ports = ports
    this.#folder = folderOf(t, { 'sluice.yaml': config(ports, join(this.disk.path, 'storage')) })
    this.#receiver = new MoodyReceiver(ports.receiver, randomOf(1))
    t.after(() => this.storm.close())
    t.after(() => this.#receiver.stop())
  }

  static async open(t: TestContext, disk = LoopDisk.mounted(t)): Promise<World> {
    return new World(t, { input: await freePort(), receiver: await freePort(), admin: await freePort() }, disk)
  }

  async start(): Promise<TestProcess> {
    const agent = sluice(this.#t, ['run', '-c', join(this.#folder, 'sluice.yaml')], { cwd: this.#folder })
    await this.says(agent, 'good')
    return agent
  }

  /** Resolves once its health says so of the disk. */
  says(agent: TestProcess, value: string): Promise<void> {
    return agent.until(async () => (await diskOf(this.#ports.admin)) === value, `its disk is ${value}`)
  }

  /** The disk fails at a moment that chance decides; clients go on posting, until `end` has come true. */
  async breakDisk(agent: TestProcess, end: () => Promise<unknown>, fail = () => this.disk.fail()): Promise<void> {
    await this.storm.blow(some, async () => {
      await sleep(longestCalmMs * random())
      fail()
      await this.says(agent, 'error')
      await end()
    })
  }

  /** Resolves once more is stored, or once it is known that ext4, too, has given up. */
  storesMore(agent: TestProcess): Promise<void> {
    const goal = this.storm.taken.size + some
    return agent.until(() => this.storm.taken.size >= goal || agent.output.includes('EROFS'), 'it stores events')
  }

  /** Lets everything arrive that was answered with yes. */
  async end(agent: TestProcess): Promise<SummaryRow> {
    await this.#receiver.restart()
    this.#receiver.becomeGood()
    assert.equal(await agent.stop('SIGTERM'), 0, agent.output)
    await this.#receiver.stop()
    const missing = [...this.storm.taken].filter((n) => !this.#receiver.times.has(n))
    assert.deepEqual(missing, [], `answered with yes, and never delivered:\n${agent.output}`)
    return rowOf(agent.stderr, 'http.0')
  }
}

const skip = LoopDisk.missing

test('a disk that the kernel makes read-only stores nothing, and goes on once it is mended', { skip }, async (t) => {
  t.diagnostic(`seed ${seed}`)
  const world = await World.open(t)
  const { disk, storm } = world
  const agent = await world.start()
  for (let round = 1; round <= rounds; round++) {
    await world.breakDisk(agent, async () => {
      await agent.until(() => disk.isUnmounted(), 'it is between two tries')
      disk.check()
      await world.says(agent, 'error') // what was answered before has arrived by now
      const { size } = storm.taken
      await agent.until(() => agent.output.split(isMissing).length > round, 'it misses the disk')
      assert.deepEqual(readdirSync(disk.path), [], 'nothing is written where the disk was')
      assert.equal(storm.taken.size, size)
      disk.mount()
      await world.says(agent, 'good')
    })
  }
  const { accepted, delivered, dropped, left } = await world.end(agent)
  assert.deepEqual([accepted, dropped, left], [delivered, 0, 0])
})

test('what was stored before a disk failed outlives the agent, too', { skip }, async (t) => {
  t.diagnostic(`seed ${seed}`)
  const world = await World.open(t)
  for (let round = 0; round < rounds; round++) {
    const agent = await world.start()
    await world.breakDisk(agent, () => agent.stop('SIGKILL'))
    world.disk.remount()
  }
  const { left } = await world.end(await world.start())
  assert.equal(left, 0)
})

const noDevice = skip || FaultyImage.missing

test('a device that fails to write for a while costs nothing that was stored', { skip: noDevice }, async (t) => {
  t.diagnostic(`seed ${seed}`)
  const image = await FaultyImage.served(t)
  const world = await World.open(t, LoopDisk.mounted(t, image.path))
  for (let round = 0; round < rounds; round++) {
    const agent = await world.start()
    const mend = async (): Promise<void> => {
      image.heal()
      await world.storesMore(agent)
      await agent.stop('SIGKILL')
    }
    await world.breakDisk(agent, mend, () => image.fail())
    world.disk.remount() // what only the kernel's memory has is forgotten
  }
  const { left } = await world.end(await world.start())
  assert.equal(left, 0)
})
