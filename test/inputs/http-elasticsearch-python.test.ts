import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'

import { ingesting } from '../support/http-ingest.js'
import { peer } from '../support/peers.js'
import { run } from '../support/program.js'
import { comesTrue, fullAgent, refusedForRoom, shipped } from '../support/shipping.js'
import { root } from '../support/source-tree.js'

const { skip } = peer('/usr/lib/python3/dist-packages/elasticsearch')
const script = join(root, 'test/support/elasticsearch-bulk.py')
const numbers = Array.from({ length: 200 }, (_, n) => n)

async function ship(url: string, retries: number): Promise<unknown> {
  const { stdout, output } = await run('/usr/bin/python3', [script, url, `${numbers.length}`, `${retries}`])
  assert.notEqual(stdout, '', output)
  return JSON.parse(stdout)
}

test("Elastic's client for Python ships documents in bulk", { skip }, async (t) => {
  const { url, events, agent } = await ingesting(t)
  assert.deepEqual(await ship(url, 0), { taken: numbers.length, errors: [] })
  assert.deepEqual(
    events.map(({ record }) => record),
    numbers.map((n) => ({ n, text: 'ü\n' })),
  )
  assert.deepEqual(agent.ledger.inputs['http.0']?.counters, {})
})

test("Elastic's client for Python ships each document once, over an agent that had no room", { skip }, async (t) => {
  const full = await fullAgent(t)
  const before = refusedForRoom(full)
  // It asks again at once, without waiting.
  const shipping = ship(full.url, 1_000_000)
  await comesTrue(() => refusedForRoom(full) >= before + 3, 'it tries again')
  full.makeRoom()
  assert.deepEqual(await shipping, { taken: numbers.length, errors: [] })
  await comesTrue(() => shipped(full).length >= numbers.length, 'all arrive')
  assert.deepEqual(
    shipped(full).map(({ record }) => record['n']),
    numbers,
  )
})
