import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'

import type { Balance } from '../../../src/net/balance.js'
import type { Server } from '../../../src/net/server.js'
import { Upstream } from '../../../src/net/upstream.js'
import { GroupWorld, servers } from '../../support/upstream-group.js'

const names = ['a', 'b weight=3', 'c standby', 'd standby']
const never = new AbortController().signal

/** `reach` is whether a server can be connected to, `work` whether it does what it is asked then. */
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ flush: fc.constant(true) }) },
  {
    weight: 2,
    arbitrary: fc.record({ server: fc.constantFrom('a', 'b', 'c', 'd'), reach: fc.boolean(), work: fc.boolean() }),
  },
  { weight: 2, arbitrary: fc.record({ advanceMs: fc.integer({ min: 1, max: 20_000 }) }) },
)
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never

class History {
  readonly world = new GroupWorld()
  readonly upstream: Upstream<Server>
  readonly #lazy = new Set<string>()

  constructor(balance: Balance, maxFailures: number) {
    const settings = this.world.settings({ servers: servers(...names), balance, maxFailures })
    this.upstream = new Upstream(settings, this.world.context)
  }

  async take(next: Step): Promise<void> {
    if ('advanceMs' in next) await this.world.clock.advance(next.advanceMs)
    else if ('server' in next) this.#change(next)
    else await this.flush()
    const told = this.world.lines
    const offline = names.filter((text) => isOffline(text.split(' ', 1)[0] ?? '', told))
    assert.equal(this.world.clock.waiting, offline.length, 'one timer for each that is offline, and no other')
  }

  async flush(): Promise<void> {
    const tried: string[] = []
    const before = this.world.lines
    const done = await this.upstream
      .run(never, ({ where }) => {
        tried.push(where)
        return this.#works(where) ? Promise.resolve(true) : Promise.reject(new Error(`${where} fails`))
      })
      .catch(() => false)
    const online = ['a', 'b', 'c', 'd'].filter((where) => !isOffline(where, before))
    assert.equal(new Set(tried).size, tried.length, 'none is tried twice')
    if (online.length === 0) assert.equal(tried.length, 1, 'one is tried where all are offline')
    else
      assert.deepEqual(
        tried.filter((where) => !online.includes(where)),
        [],
        'none is tried that is offline',
      )
    if (online.some((where) => this.#works(where))) assert.ok(done, 'one that works is found')
    assertStandbyLast(tried, online)
  }

  async recover(): Promise<void> {
    for (const server of ['a', 'b', 'c', 'd']) this.#change({ server, reach: true, work: true })
    await this.world.clock.advance(600_000)
    assert.equal(this.world.clock.waiting, 0, 'no timer runs while all are well')
    await this.flush()
  }

  #works(where: string): boolean {
    return !this.world.down.has(where) && !this.#lazy.has(where)
  }

  #change({ server, reach, work }: { readonly server: string; readonly reach: boolean; readonly work: boolean }): void {
    if (reach) this.world.down.delete(server)
    else this.world.down.add(server)
    if (work) this.#lazy.delete(server)
    else this.#lazy.add(server)
  }
}

function isOffline(where: string, lines: readonly string[]): boolean {
  return lines.findLast((line) => line.startsWith(`server ${where} `))?.endsWith('offline') ?? false
}

function assertStandbyLast(tried: readonly string[], online: readonly string[]): void {
  const first = tried.findIndex((where) => where === 'c' || where === 'd')
  if (first < 0) return
  const skipped = ['a', 'b'].filter((where) => online.includes(where) && !tried.slice(0, first).includes(where))
  assert.deepEqual(skipped, [], 'who stands by is tried after all others that are online')
}

test('whatever servers do, flushes find one that works, and nothing runs on once all are well', async () => {
  const balances = fc.constantFrom<Balance>('round_robin', 'failover', 'least_connections')
  const histories = fc.asyncProperty(
    balances,
    fc.integer({ min: 1, max: 3 }),
    fc.array(step, { maxLength: 80, size: 'max' }),
    async (balance, maxFailures, steps) => {
      const history = new History(balance, maxFailures)
      for (const next of steps) await history.take(next)
      await history.recover()
      history.upstream.close()
    },
  )
  await fc.assert(histories, { numRuns: 60 })
})
