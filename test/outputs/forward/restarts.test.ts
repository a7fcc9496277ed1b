import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { ChaosSetting } from '../../support/chaos-agent.js'
import { folderOf } from '../../support/folder.js'
import { ForwardPairs } from '../../support/forward-pairs.js'
import { acknowledge, type ForwardMessage, type ForwardServer } from '../../support/forward-server.js'
import { TestProcess } from '../../support/process.js'

const program = fileURLToPath(new URL('../../support/chaos-agent.js', import.meta.url))
const pairs = new ForwardPairs()

function start(t: TestContext, setting: ChaosSetting): TestProcess {
  const agent = new TestProcess(process.execPath, [program, JSON.stringify(setting)])
  t.after(() => agent.stop('SIGKILL'))
  return agent
}

/** Under which ids each event arrived. */
function idsByEvent({ messages }: ForwardServer): Map<unknown, Set<string>> {
  const ids = new Map<unknown, Set<string>>()
  for (const { events, options } of messages)
    for (const { record } of events) {
      const known = ids.get(record['n']) ?? new Set()
      ids.set(record['n'], known.add(options.chunk ?? ''))
    }
  return ids
}

test('an agent that is killed sends the same events under the same ids after its restart', async (t) => {
  const path = folderOf(t, {})
  const server = await pairs.server(() => undefined)
  const setting: ChaosSetting = { path, port: server.port, mode: 'durable', maxBatchBytes: '64KiB' }
  const first = start(t, { ...setting, from: 0 })
  await first.until(() => /stored \d{3}/.test(first.stdout), 'a hundred events wait behind the first batch')
  const firstBatch = new Set(server.messages.map(({ options }) => options.chunk))
  const isNew = ({ options }: ForwardMessage): boolean => !firstBatch.has(options.chunk)
  server.answer = (message) => (isNew(message) ? undefined : acknowledge(message))
  await first.until(() => server.messages.filter(isNew).length > 20, 'it tries the batch behind it again and again')
  await first.stop('SIGKILL')
  const before = idsByEvent(server)
  assert.ok(
    [...before.values()].every(({ size }) => size === 1),
    'each retry has the id of the first try',
  )

  server.messages.length = 0
  server.answer = acknowledge
  const second = start(t, setting)
  await second.until(() => /drained/.test(second.stdout), 'it has delivered everything')
  await second.stop('SIGKILL')
  const after = idsByEvent(server)
  const inBoth = [...before.keys()].filter((n) => after.has(n))
  assert.ok(inBoth.length >= 10, `${inBoth.length} events were sent before and after`)
  assert.deepEqual(
    inBoth.filter((n) => [...(before.get(n) ?? [])].join() !== [...(after.get(n) ?? [])].join()),
    [],
    'other ids',
  )
  assert.ok(new Set(inBoth.map((n) => [...(after.get(n) ?? [])].join())).size > 1, 'there were several chunks')
})
