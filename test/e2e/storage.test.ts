import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { fileURLToPath } from 'node:url'

import { folderOf } from '../support/folder.js'
import { freePort } from '../support/ports.js'
import { startProcess, type TestProcess } from '../support/process.js'
import { linesOf, rowOf, sluice } from '../support/sluice.js'

const sinkProgram = fileURLToPath(new URL('../support/forward-sink.js', import.meta.url))

interface Output {
  readonly alias: string
  readonly port: number
  readonly more?: string
}

/** A configuration that reads `{n}` from standard input, keeps events below `storage`, and has these outputs. */
function config(outputs: readonly Output[]): string {
  const lines = outputs.map(
    ({ alias, port, more = '' }) =>
      `    - {name: forward, match: '*', alias: ${alias}, host: 127.0.0.1, port: ${port}${more}}`,
  )
  return `
service: {flush: 20ms, grace: 300ms, scheduler.base: 50ms, scheduler.cap: 100ms, storage: {path: storage}}
pipeline:
  inputs: [{name: stdin, tag: app}]
  outputs:
${lines.join('\n')}
`
}

class Gateway {
  readonly folder: string
  readonly #t: TestContext

  constructor(t: TestContext, files: { readonly [name: string]: string }) {
    this.#t = t
    this.folder = folderOf(t, files)
  }

  get segments(): string[] {
    return readdirSync(join(this.folder, 'storage/log/default')).filter((name) => name.endsWith('.seg'))
  }

  start(file: string): TestProcess {
    return sluice(this.#t, ['run', '-c', file], { cwd: this.folder })
  }

  /** Runs it on events `{n: from}` to `{n: to - 1}` to its own end, which must be a good one. Answers what it said. */
  async run(file: string, from: number, to: number): Promise<string> {
    const agent = this.start(file)
    agent.stdin?.end(Array.from({ length: to - from }, (_, n) => `${JSON.stringify({ n: from + n })}\n`).join(''))
    assert.equal(await agent.exited, 0, agent.stderr)
    return agent.stderr
  }
}

async function startSink(t: TestContext, port: number): Promise<TestProcess> {
  const sink = await startProcess(process.execPath, [sinkProgram, String(port)], { ready: port })
  t.after(() => sink.stop('SIGKILL'))
  return sink
}

const numbersOf = ({ stdout }: TestProcess): number[] => linesOf(stdout).map(Number)
const upTo = (count: number): number[] => Array.from({ length: count }, (_, n) => n)

test('what could not be delivered is kept, and delivered after the next start, before what is new', async (t) => {
  const port = await freePort()
  const gateway = new Gateway(t, { 'sluice.yaml': config([{ alias: 'out', port }]) })
  const first = await gateway.run('sluice.yaml', 0, 1000)
  assert.match(first, /what is left is kept in storage and delivered after the next start/)
  assert.equal(rowOf(first, 'out').left, 1000)
  const sink = await startSink(t, port)
  const second = await gateway.run('sluice.yaml', 1000, 1500)
  assert.match(second, /1000 events of an earlier run still to be delivered/)
  assert.deepEqual(numbersOf(sink), upTo(1500))
  const { accepted, delivered, dropped, left } = rowOf(second, 'stdin.0')
  assert.deepEqual([accepted, delivered, dropped, left], [1500, 1500, 0, 0], 'the ledger goes on across the restart')
  assert.deepEqual(gateway.segments, [])
})

test('while the link is well no event is written to disk', async (t) => {
  const port = await freePort()
  const gateway = new Gateway(t, { 'sluice.yaml': config([{ alias: 'out', port }]) })
  const sink = await startSink(t, port)
  const agent = gateway.start('sluice.yaml')
  agent.stdin?.write('{"n":0}\n')
  await sink.until(() => numbersOf(sink).length > 0, 'it gets the event')
  assert.deepEqual(gateway.segments, [])
  agent.stdin?.end('{"n":1}\n')
  assert.equal(await agent.exited, 0, agent.stderr)
  assert.equal(rowOf(agent.stderr, 'out').delivered, 2)
  assert.deepEqual(gateway.segments, [])
})

test('the backlog follows the configuration: what waited for an output that is gone goes with it', async (t) => {
  const [port, gone] = [await freePort(), await freePort()]
  const stays = { alias: 'stays', port }
  const gateway = new Gateway(t, {
    'both.yaml': config([stays, { alias: 'goes', port: gone }]),
    'one.yaml': config([stays]),
  })
  await gateway.run('both.yaml', 0, 100)
  const sink = await startSink(t, port)
  const second = await gateway.run('one.yaml', 100, 150)
  assert.deepEqual(numbersOf(sink), upTo(150))
  assert.deepEqual(gateway.segments, [])
  const { delivered, dropped, left, notes } = rowOf(second, 'goes')
  assert.deepEqual([delivered, dropped, left, notes], [0, 100, 0, 'no_route 100'])
})

test('a new output gets what comes from now on, or all that is on disk if it says so', async (t) => {
  const dead = { alias: 'dead', port: await freePort() }
  const [newest, oldest] = [await freePort(), await freePort()]
  const gateway = new Gateway(t, {
    'old.yaml': config([dead]),
    'new.yaml': config([
      dead,
      { alias: 'newest', port: newest },
      { alias: 'oldest', port: oldest, more: ', start: oldest' },
    ]),
  })
  await gateway.run('old.yaml', 0, 100)
  const [fromNow, fromThen] = [await startSink(t, newest), await startSink(t, oldest)]
  const second = await gateway.run('new.yaml', 100, 120)
  assert.deepEqual(numbersOf(fromNow), upTo(120).slice(100))
  assert.deepEqual(numbersOf(fromThen), upTo(120))
  assert.equal(rowOf(second, 'dead').left, 120)
})

test("a folder is one agent's: a second one does not start", async (t) => {
  const gateway = new Gateway(t, { 'sluice.yaml': config([{ alias: 'out', port: await freePort() }]) })
  const first = gateway.start('sluice.yaml')
  first.stdin?.write('{"n":0}\n')
  await first.until(() => first.stderr.includes('delivery failed'), 'it runs')
  const second = gateway.start('sluice.yaml')
  assert.equal(await second.exited, 1)
  assert.match(
    second.stderr,
    new RegExp(`storage": expected a storage\\.path that nobody uses, got that of process ${first.pid}`),
  )
})
