import assert from 'node:assert/strict'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { folderOf } from '../support/folder.js'
import { freePort } from '../support/ports.js'
import type { TestProcess } from '../support/process.js'
import { linesOf, ranSluice, sluice } from '../support/sluice.js'

const count = 6000
const fastCount = 40

interface Listed {
  readonly lanes: readonly {
    readonly lane: string
    readonly mode: string | null
    readonly segments: number
    readonly bytes: number
    readonly events: number
    readonly oldest: string | null
    readonly newest: string | null
    readonly quarantine: { readonly files: number; readonly bytes: number }
    readonly outputs: readonly {
      readonly output: string
      readonly position: number | null
      readonly pending: {
        readonly events: number
        readonly bytes: number
        readonly oldest_seconds: number | null
        readonly exact: boolean
      }
    }[]
  }[]
}

interface World {
  readonly config: string
  readonly storage: string
  readonly agent: TestProcess
}

/** An agent with two durable lanes, an output that is dead, and one that takes what the other does not get. */
async function started(t: TestContext): Promise<World> {
  const agents: TestProcess[] = []
  // Before its folder goes, in which it would write on.
  t.after(() => Promise.all(agents.map((each) => each.stop('SIGKILL'))))
  const storage = join(folderOf(t, {}), 'storage')
  const dummy = { name: 'dummy', rate: 20_000 }
  const config = {
    service: {
      flush: '20ms',
      grace: '100ms',
      checkpoint_interval: '50ms',
      'storage.path': storage,
      'storage.mode': 'durable',
      'storage.segment_size': '256KiB',
      lanes: { fast: { mode: 'durable', priority: 5 } },
    },
    pipeline: {
      inputs: [
        { ...dummy, tag: 'bulk', samples: count, dummy: { n: 1, text: 'x'.repeat(150) } },
        { ...dummy, tag: 'dead.fast', lane: 'fast', samples: fastCount },
        { ...dummy, tag: 'live', rate: 100, dummy: { n: 2 } },
      ],
      outputs: [
        { name: 'forward', alias: 'dead', match: '*', port: await freePort() },
        { name: 'null', alias: 'live', match: 'live' },
      ],
    },
  }
  const file = join(folderOf(t, { 'a.yaml': JSON.stringify(config) }), 'a.yaml')
  const agent = sluice(t, ['run', '-c', file])
  agents.push(agent)
  await agent.until(async () => (await pendingOf(t, file, 'dead')) > count + fastCount, 'its events are on disk')
  return { config: file, storage, agent }
}

async function listed(t: TestContext, ...where: readonly string[]): Promise<Listed> {
  const { stdout } = await ranSluice(t, ['log', 'ls', '--json', ...where])
  return JSON.parse(stdout === '' ? '{"lanes":[]}' : stdout) as Listed
}

async function pendingOf(t: TestContext, config: string, output: string): Promise<number> {
  const { lanes } = await listed(t, '-c', config)
  const found = lanes.flatMap(({ outputs }) => outputs).filter((each) => each.output === output)
  return found.reduce((sum, { pending }) => sum + pending.events, 0)
}

async function catted(t: TestContext, ...args: readonly string[]): Promise<readonly Shown[]> {
  const { code, stdout, stderr } = await ranSluice(t, ['log', 'cat', ...args])
  assert.deepEqual([code, stderr], [0, ''])
  return linesOf(stdout).map((line) => JSON.parse(line) as Shown)
}

interface Shown {
  readonly time: string
  readonly tag: string
  readonly input: string
  readonly record: { readonly n?: number; readonly text?: string }
}

const tagged = (events: readonly Shown[], tag: string): readonly Shown[] => events.filter((event) => event.tag === tag)

function the<T>(found: T | null | undefined, what: string): T {
  return found ?? assert.fail(`there is no ${what}`)
}

const laneOf = ({ lanes }: Listed, name: string): Listed['lanes'][number] =>
  the(
    lanes.find(({ lane }) => lane === name),
    name,
  )

async function assertGood(t: TestContext, { config, storage }: World): Promise<void> {
  const [configured, unconfigured] = [await listed(t, '-c', config), await listed(t, '-b', storage)]
  const [normal, fast] = [laneOf(configured, 'default'), laneOf(configured, 'fast')]
  assert.deepEqual([normal.mode, fast.mode, laneOf(unconfigured, 'fast').mode], ['durable', 'durable', null])
  assert.ok(normal.segments > 3 && normal.bytes > count * 150)
  assert.ok(Date.parse(the(normal.oldest, 'oldest')) < Date.parse(the(normal.newest, 'newest')))
  assert.deepEqual([fast.events, fast.quarantine], [fastCount, { files: 0, bytes: 0 }])
  assertOutputs(normal)
  const [dead] = laneOf(unconfigured, 'fast').outputs
  assert.deepEqual([dead?.pending.events, dead?.pending.exact], [fastCount, false])
}

function assertOutputs({ outputs }: Listed['lanes'][number]): void {
  assert.deepEqual(
    outputs.map(({ output }) => output),
    ['dead', 'live'],
  )
  const [dead, live] = [the(outputs[0], 'dead'), the(outputs[1], 'live')]
  assert.deepEqual([dead.position, dead.pending.exact], [0, true])
  assert.ok(Number(dead.pending.oldest_seconds) > 0)
  assert.ok(Number(live.position) > 0 && live.pending.events < 50, JSON.stringify(live))
}

async function assertShown(t: TestContext, { config, storage }: World): Promise<void> {
  const all = await catted(t, '-b', storage)
  assert.equal(tagged(all, 'bulk').length, count)
  assert.equal(tagged(all, 'dead.fast').length, fastCount)
  assert.deepEqual(tagged(all, 'bulk')[0]?.record, { n: 1, text: 'x'.repeat(150) })
  assert.equal(tagged(all, 'bulk')[0]?.input, 'dummy.0')
  assert.equal((await catted(t, '-c', config, '--lane', 'fast')).length, fastCount)
  const lives = await catted(t, '-c', config, '--tag', 'li*')
  assert.ok(lives.length > 0 && lives.every(({ tag, record }) => tag === 'live' && record.n === 2))
  const pending = await catted(t, '-c', config, '--pending', 'dead')
  assert.equal(tagged(pending, 'bulk').length, count)
  const [, second = '', , fourth = ''] = [...new Set(lives.map(({ time }) => time))]
  const between = await catted(t, '-c', config, '--tag', 'live', '--since', second, '--until', fourth)
  const isBetween = ({ time }: Shown): boolean => second <= time && time < fourth
  assert.deepEqual(between, lives.filter(isBetween))
  assert.ok(between.length > 1)
  assert.equal((await catted(t, '-c', config, '--since', '1h', '--limit', '7')).length, 7)
  assert.equal((await catted(t, '-c', config, '--until', '1h')).length, 0)
}

async function assertWhole(t: TestContext, { storage }: World): Promise<void> {
  const { code, stdout, stderr } = await ranSluice(t, ['log', 'check', '-b', storage])
  assert.deepEqual([code, stderr], [0, ''], stdout)
  const found = /: good: (\d+) segments, \d+ chunks, (\d+) events\n$/.exec(stdout)
  assert.ok(Number(found?.[1]) > 3 && Number(found?.[2]) > count + fastCount, stdout)
}

/** What of a folder a reader could have changed. */
function filesOf(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()
}

test('ls, cat and check tell the same of a log while its agent runs, after it was stopped, and after it was killed', async (t) => {
  const world = await started(t)
  for (const end of [undefined, 'SIGTERM'] as const) {
    if (end) assert.equal(await world.agent.stop(end), 0, world.agent.stderr)
    await assertGood(t, world)
    await assertShown(t, world)
    await assertWhole(t, world)
  }
  const killed = await started(t)
  await killed.agent.stop('SIGKILL')
  const before = filesOf(killed.storage)
  await assertGood(t, killed)
  await assertWhole(t, killed)
  assert.equal(tagged(await catted(t, '-b', killed.storage), 'bulk').length, count)
  assert.deepEqual(filesOf(killed.storage), before, 'nothing is written')
})

test('a flipped byte is told of with its place; the agent then passes over it and keeps it', async (t) => {
  const { storage, config, agent } = await started(t)
  await agent.stop('SIGTERM')
  const lane = join(storage, 'log', 'default')
  const [first = ''] = readdirSync(lane).filter((name) => name.endsWith('.seg'))
  const path = join(lane, first)
  const bytes = readFileSync(path)
  bytes.writeUInt8(bytes.readUInt8(200) ^ 1, 200)
  writeFileSync(path, bytes)
  const { code, stdout } = await ranSluice(t, ['log', 'check', '-c', config])
  assert.equal(code, 1)
  const [problem = '', verdict = ''] = linesOf(stdout)
  assert.match(
    problem,
    /^\S+\.seg: at 34, \d+ bytes: expected chunk 0 of \d+ events with body CRC-32 0x\w{8}, got 0x\w{8}$/,
  )
  assert.ok(problem.startsWith(path))
  assert.match(verdict, /: damaged: 1 problem; whole: /)
  const asJson = await ranSluice(t, ['log', 'check', '-c', config, '--json'])
  assert.equal(asJson.code, 1)
  const { good, checkpoint, lanes, problems } = JSON.parse(asJson.stdout)
  assert.deepEqual([good, checkpoint, problems.length], [false, true, 1])
  assert.deepEqual([problems[0].path, problems[0].at], [path, 34])
  assert.ok(lanes.some((found: { lane: string; events: number }) => found.lane === 'default' && found.events > 0))
  const shown = await ranSluice(t, ['log', 'cat', '-c', config])
  assert.equal(shown.code, 1)
  assert.match(shown.stderr, /^warning: \S+\.seg: left out: \d+ damaged bytes at 34; sluice log check tells more\n$/)
  assert.ok(linesOf(shown.stdout).length > count / 2)
})
