import assert from 'node:assert/strict'
import { appendFileSync, chownSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, type TestContext, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { EventRecord } from '../../src/event/event.js'
import { agentProgram as sluiceProgram } from '../support/agent.js'
import { batchOf } from '../support/batch.js'
import { letterOf, lettersIn, recordsOf, storeIn } from '../support/dead-letters.js'
import { folderOf } from '../support/folder.js'
import { HttpDestination } from '../support/http-destination.js'
import { recordsOf as recordsIn } from '../support/http-output.js'
import { startProcess, TestProcess } from '../support/process.js'
import { linesOf, ranSluice, rowOf, sluice } from '../support/sluice.js'

const agentProgram = fileURLToPath(new URL('../support/dead-letter-agent.js', import.meta.url))

/** Letters of two outputs: `out` gave up 0 to 9 of `test`, `other` 10 and 11 of `can.0`. */
async function written(t: TestContext) {
  const storage = folderOf(t, {})
  const folder = join(storage, 'dead')
  const { store, clock } = storeIn(folder)
  clock.setWall(1_800_000_000_000)
  await store.write(Array.from({ length: 10 }, (_, n) => letterOf([n])))
  clock.setWall(1_800_000_060_000)
  await store.write([
    letterOf([10, 11], { output: 'other', reason: 'retry_limit', message: 'down\n\u001b[31m', tag: 'can.0' }),
  ])
  const dead = (command: string, ...args: string[]) => ranSluice(t, ['log', 'dead', command, '-b', storage, ...args])
  return { storage, folder, store, dead }
}

async function agentOn(t: TestContext, storage: string): Promise<TestProcess> {
  const agent = await startProcess(process.execPath, [agentProgram, storage], { ready: /ready/ })
  t.after(() => agent.stop('SIGKILL'))
  return agent
}

const replayed = ({ stdout }: TestProcess): string[] => linesOf(stdout).slice(1)

describe('what outputs gave up', () => {
  test('is told by output and reason', async (t) => {
    const { folder, dead } = await written(t)
    appendFileSync(join(folder, 'letters-00000001.jsonl'), '{"half')
    const { code, stdout, stderr } = await dead('ls')
    assert.equal(code, 0, stderr)
    assert.deepEqual(
      linesOf(stdout).map((line) => line.split('\t')),
      [
        ['output', 'reason', 'letters', 'events', 'first', 'last', 'last message'],
        ['other', 'retry_limit', '1', '2', '2027-01-15T08:01:00Z', '2027-01-15T08:01:00Z', 'down [31m'],
        ['out', 'refused', '10', '10', '2027-01-15T08:00:00Z', '2027-01-15T08:00:00Z', 'no'],
      ],
    )
    assert.equal(stderr, '1 damaged line left out\n')
    const { stdout: fewer } = await dead('ls', '--tag', 'can.*')
    assert.equal(linesOf(fewer).length, 2)
    assert.equal((await dead('cat')).code, 1, 'not all of it was shown')
  })

  test('is told to programs as JSON, with what is to be replayed', async (t) => {
    const { dead } = await written(t)
    await dead('replay', '--tag', 'can.*')
    const { code, stdout, stderr } = await dead('ls', '--json')
    assert.deepEqual([code, stderr], [0, ''])
    const [first, last] = ['2027-01-15T08:00:00.000000000Z', '2027-01-15T08:00:00.000000000Z']
    assert.deepEqual(JSON.parse(stdout), {
      dead: [{ output: 'out', reason: 'refused', letters: 10, events: 10, first, last, message: 'no' }],
      replays: { letters: 1, events: 2 },
      damaged: 0,
    })
  })

  test('is shown and dropped by when it was given up', async (t) => {
    const { dead } = await written(t)
    const shown = async (...args: string[]): Promise<number> => linesOf((await dead('cat', ...args)).stdout).length
    const [first, last] = ['2027-01-15T08:00:00Z', '2027-01-15T08:01:00Z']
    assert.equal(await shown('--since', first), 12)
    assert.equal(await shown('--since', last), 2)
    assert.equal(await shown('--since', first, '--until', last), 10)
    assert.equal(await shown('--until', first), 0)
    assert.equal((await dead('drop', '--until', last)).stdout, '10 events in 10 letters dropped\n')
    assert.equal(await shown(), 2)
  })

  test('is read no further once nobody reads it', async (t) => {
    const { store, storage } = await written(t)
    const numbers = Array.from({ length: 20_000 }, (_, n) => n)
    await store.write(Array.from({ length: 10 }, () => letterOf(numbers)))
    const script = `exec 3>&1; { "$NODE" "$SLUICE" log dead cat -b "$STORAGE"; echo "code $?" >&3; } | head -n 1`
    const env = { ...process.env, NODE: process.execPath, SLUICE: sluiceProgram, STORAGE: storage }
    const shell = new TestProcess('sh', ['-c', script], { env })
    t.after(() => shell.stop('SIGKILL'))
    await shell.exited
    assert.equal(shell.stderr, '')
    const shown = linesOf(shell.stdout).map((line) => line.slice(0, 8))
    assert.deepEqual(shown.sort(), ['code 0', '{"time":'])
  })

  test('is shown as JSON lines, with every digit of its integers', async (t) => {
    const storage = folderOf(t, {})
    const { store } = storeIn(join(storage, 'dead'))
    const record: EventRecord = { big: 2n ** 63n - 1n, small: -(2n ** 63n), text: 'ü"\n', list: [1, { a: null }] }
    const { chunks } = batchOf([{ tag: 'a"b', record, seconds: 1_700_000_000, nanoseconds: 123_456_789 }])
    await store.write([{ output: 'out', reason: 'refused', message: 'no', attempts: 1, events: chunks }])
    const { code, stdout, stderr } = await ranSluice(t, ['log', 'dead', 'cat', '-b', storage])
    assert.deepEqual([code, stderr], [0, ''])
    assert.equal(
      stdout,
      '{"time":"2023-11-14T22:13:20.123456789Z","tag":"a\\"b","output":"out","reason":"refused","record":' +
        '{"big":9223372036854775807,"small":-9223372036854775808,"text":"ü\\"\\n","list":[1,{"a":null}]}}\n',
    )
  })

  test('is shown by output, reason and tag; what cannot be read of it is told', async (t) => {
    const { dead, store } = await written(t)
    const numbers = async (...args: string[]): Promise<number[]> => {
      const { stdout } = await dead('cat', ...args)
      return linesOf(stdout).map((line) => (JSON.parse(line) as { record: { n: number } }).record.n)
    }
    assert.deepEqual(await numbers('--output', 'other'), [10, 11])
    assert.deepEqual(await numbers('--tag', 'can.*'), [10, 11])
    assert.deepEqual(await numbers('--reason', 'refused'), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    assert.deepEqual(await numbers('--reason', 'refused', '--tag', 'can.*'), [])
    const entries = Uint8Array.of(0x92, 0xd7, 0x00)
    await store.write([{ ...letterOf([1]), reason: 'corrupt', events: [{ tag: 'a', count: 5, entries }] }])
    const { code, stderr } = await dead('cat', '--reason', 'corrupt')
    assert.equal(code, 1)
    assert.match(
      stderr,
      /^letter [0-9a-f]{12} of out: the rest of its 5 events cannot be read: entries: expected more bytes/,
    )
  })

  test('is dropped by a command while no agent runs, which leaves no lock', async (t) => {
    const { storage, folder, dead } = await written(t)
    const { code, stdout } = await dead('drop', '--output', 'other')
    assert.deepEqual([code, stdout], [0, '2 events in 1 letter dropped\n'])
    assert.deepEqual(readdirSync(storage), ['dead'])
    assert.equal((await lettersIn(folder)).letters.length, 10)
    const none = await dead('drop', '--output', 'other')
    assert.deepEqual(
      [none.code, none.stderr],
      [0, 'no dead letters with --output other; sluice log dead ls tells of all\n'],
    )
    assert.equal((await dead('drop', '--all')).code, 0)
    assert.deepEqual(readdirSync(folder), [])
  })

  test('is replayed when the agent starts, by the output that gave it up', async (t) => {
    const { storage, folder, dead } = await written(t)
    const { stdout } = await dead('replay', '--output', 'other')
    assert.equal(stdout, '2 events in 1 letter to go out again when the agent starts\n')
    assert.match((await dead('ls')).stderr, /^2 events in 1 letter to be replayed$/m)
    const agent = await agentOn(t, storage)
    await agent.until(() => replayed(agent).length === 2, 'it replays')
    assert.deepEqual(replayed(agent), ['other 10', 'other 11'])
    await agent.until(() => !readdirSync(folder).some((name) => name.startsWith('replay')), 'the file goes')
    assert.equal(await agent.stop(), 0)
    assert.deepEqual(readdirSync(storage), ['dead'], 'the lock goes with the agent')
  })

  const noRoot = process.geteuid?.() === 0 ? false : 'only root can act for another user'
  test('is changed by root as the user that the agent runs as', { skip: noRoot }, async (t) => {
    const { storage, folder, dead } = await written(t)
    const nobody = 65_534
    for (const path of ['', 'dead', 'dead/letters-00000001.jsonl']) chownSync(join(storage, path), nobody, nobody)
    assert.equal((await dead('replay', '--output', 'other')).code, 0)
    const names = readdirSync(folder).sort()
    const owners = names.map((name) => [name, statSync(join(folder, name)).uid])
    assert.deepEqual(owners, [
      ['letters-00000001.jsonl', nobody],
      ['replay-00000001.jsonl', nobody],
    ])
  })

  test('is replayed and dropped by an agent that runs', async (t) => {
    const { storage, folder, dead } = await written(t)
    const agent = await agentOn(t, storage)
    assert.equal((await dead('replay', '--reason', 'refused')).stdout, '10 events in 10 letters to go out again now\n')
    await agent.until(() => replayed(agent).length === 10, 'it replays')
    assert.equal((await dead('drop', '--all')).stdout, '2 events in 1 letter dropped\n')
    assert.deepEqual((await lettersIn(folder)).letters, [])
    assert.ok(readdirSync(folder).every((name) => !/^(request|answer)-/.test(name)))
  })

  test('is lost in no part when the agent is killed in the middle of a replay', async (t) => {
    const { storage, folder, store, dead } = await written(t)
    await store.drop(() => true)
    const numbers = Array.from({ length: 200 }, (_, n) => 950 + n)
    await store.write(numbers.map((n) => letterOf([n])))
    const first = await agentOn(t, storage)
    await dead('replay')
    await first.until(() => replayed(first).length >= 50, 'it replays the first')
    await first.stop('SIGKILL')
    assert.ok((await lettersIn(folder, 'replay')).letters.length >= 150)
    const second = await agentOn(t, storage)
    second.stdin?.write('go\n')
    const seen = (): string[] => [...new Set([...replayed(first), ...replayed(second)])]
    await second.until(() => seen().length === 200, 'it replays the rest')
    assert.deepEqual(seen().sort(), numbers.map((n) => `out ${n}`).sort())
    await second.until(() => readdirSync(folder).length === 0, 'the file goes')
    assert.deepEqual(recordsOf((await lettersIn(folder)).letters), [])
  })
})

test('an event that a server refuses can be looked at once the agent has ended, by its configuration', async (t) => {
  const server = await new HttpDestination().listen()
  t.after(() => server.close())
  server.answer = (request, response) => {
    response.writeHead(recordsIn(request).some(({ n }) => n === 617) ? 400 : 200).end('no such field')
  }
  const folder = folderOf(t, {
    'sluice.yaml': `
service:
  flush: 20ms
  storage.path: storage
pipeline:
  inputs: [{ name: stdin, tag: app }]
  outputs: [{ name: http, match: '*', port: ${server.port}, format: json_lines }]
`,
    'events.json': Array.from({ length: 1000 }, (_, n) => `{"n":${n},"id":${9007199254740993n + BigInt(n)}}\n`).join(
      '',
    ),
  })
  const agent = sluice(t, ['run', '-c', 'sluice.yaml'], { cwd: folder })
  agent.stdin?.end(readFileSync(join(folder, 'events.json')))
  assert.equal(await agent.exited, 0, agent.stderr)
  assert.deepEqual(
    [rowOf(agent.stderr, 'http.0').delivered, rowOf(agent.stderr, 'http.0').dropped],
    [999, 1],
    agent.stderr,
  )
  const { stdout, stderr } = await ranSluice(t, ['log', 'dead', 'ls', '-c', 'sluice.yaml'], { cwd: folder })
  assert.match(
    stdout,
    /\nhttp\.0\trefused\t1\t1\t.*answered 400 "no such field"; the events would be refused again\n/,
    stderr,
  )
  const { stdout: events } = await ranSluice(t, ['log', 'dead', 'cat', '-c', 'sluice.yaml'], { cwd: folder })
  assert.match(events, /"record":\{"n":617,"id":9007199254741610\}\}\n$/)
})

describe('sluice log dead', () => {
  for (const [args, told] of [
    [['log'], /log: expected ls, cat, check, dead, got nothing/],
    [['log', 'deed'], /log: expected ls, cat, check, dead, got "deed"; did you mean "dead"\?/],
    [['log', 'dead'], /log dead: expected ls, cat, replay, drop, got nothing/],
    [['log', 'dead', 'ls'], /log dead ls: expected -c FILE or -b FOLDER, the storage.path of the agent, got neither/],
    [['log', 'dead', 'ls', '-b', '/', '--outputs', 'x'], /got --outputs; did you mean "--output"\?/],
    [['log', 'dead', 'cat', '-b', '/', '--since', 'x'], /--since: expected a time such as/],
    [['log', 'dead', 'drop', '-b', '/'], /log dead drop: expected --output, .* or --until; --all for every letter/],
    [['log', 'dead', 'ls', '-b', '/'], /\/: expected the storage.path of an agent, got another folder; has one run\?/],
  ] as const) {
    test(`tells what is wrong with "${args.join(' ')}"`, async (t) => {
      const { code, stderr } = await ranSluice(t, args)
      assert.equal(code, 64)
      assert.match(stderr, told)
    })
  }

  test('tells where there is no agent, no storage path and no dead letter', async (t) => {
    const folder = folderOf(t, {
      'a.yaml': 'service: {flush: 1s}\n',
      'b.yaml': 'service: {storage.path: nowhere}\n',
    })
    const ls = (...args: string[]) => ranSluice(t, ['log', 'dead', 'ls', ...args], { cwd: folder })
    const told = async (code: number, text: RegExp, ...args: string[]): Promise<void> => {
      const answer = await ls(...args)
      assert.match(answer.stderr, text)
      assert.equal(answer.code, code)
    }
    const none = /nowhere: expected the storage\.path of an agent, got no folder; has it run\?/
    await told(64, none, '-b', 'nowhere')
    await told(64, none, '-c', 'b.yaml')
    await told(64, /a\.yaml: expected a service\.storage\.path, got none; what this/, '-c', 'a.yaml')
    await told(78, /c\.yaml.*: error: /, '-c', 'c.yaml')
    await told(1, /log dead ls: ENOTDIR: .*; -b takes a folder, -c a file/, '-b', 'a.yaml')
    mkdirSync(join(folder, 'nowhere', 'log'), { recursive: true })
    await told(64, /nowhere\/log: expected .*; did you mean "nowhere"\?/, '-b', 'nowhere/log')
    await told(0, /^no dead letters: no output gave anything up\n$/, '-c', 'b.yaml')
    for (const action of ['replay', 'drop']) {
      const answer = await ranSluice(t, ['log', 'dead', action, '--all', '-b', 'nowhere'], { cwd: folder })
      assert.deepEqual([answer.code, answer.stderr], [0, 'no dead letters: no output gave anything up\n'])
    }
    assert.ok(!existsSync(join(folder, 'nowhere', 'dead')))
  })
})
