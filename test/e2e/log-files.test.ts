import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { withSum } from '../../src/log/checkpoint-text.js'
import { segmentName } from '../../src/log/disk/segment-format.js'
import { agentProgram } from '../support/agent.js'
import { entryOf } from '../support/entries.js'
import { folderOf } from '../support/folder.js'
import { TestProcess } from '../support/process.js'
import { segmentOf, type TestChunk } from '../support/segment.js'
import { linesOf, ranSluice } from '../support/sluice.js'

interface Written {
  readonly checkpoint?: object
  readonly lanes: { readonly [lane: string]: readonly (readonly TestChunk[])[] }
}

/** A storage folder with a log of these segments; the last one of each lane is as an agent was killed over it. */
function storageOf(t: TestContext, { checkpoint, lanes }: Written): string {
  const storage = folderOf(t, {})
  for (const [lane, segments] of Object.entries(lanes)) {
    const folder = join(storage, 'log', lane)
    mkdirSync(folder, { recursive: true })
    for (const [index, chunks] of segments.entries()) {
      const closed = index < segments.length - 1
      writeFileSync(join(folder, segmentName(chunks[0]?.sequence ?? 0)), segmentOf(chunks, { closed }))
    }
  }
  if (checkpoint) writeFileSync(join(storage, 'log', 'checkpoint.json'), withSum(JSON.stringify(checkpoint)))
  return storage
}

const small: Written = {
  checkpoint: {
    version: 1,
    clean: false,
    lanes: {
      default: { next: 4, cursors: { 'a.0': { position: 1, settled: [[2, 3]] }, 'b.0': { position: 4, settled: [] } } },
    },
    ledger: { inputs: {}, filters: {}, outputs: {} },
  },
  lanes: {
    default: [
      [
        { sequence: 0, count: 1 },
        { sequence: 1, count: 1, tag: 'a.c', entries: entryOf({ big: 2n ** 63n, s: 'ü\n' }, 1_700_000_001, 5) },
      ],
      [
        { sequence: 2, count: 1 },
        { sequence: 3, count: 2, output: 'a.0' },
      ],
    ],
    other: [[{ sequence: 0, count: 1, tag: 'x', input: 'cpu.0' }]],
  },
}

const golden = [
  '{"time":"2023-11-14T22:13:20.000000000Z","tag":"a.b","input":"in.0","record":{"n":0}}',
  '{"time":"2023-11-14T22:13:21.000000005Z","tag":"a.c","input":"in.0","record":{"big":9223372036854775808,"s":"ü\\n"}}',
  '{"time":"2023-11-14T22:13:22.000000000Z","tag":"a.b","input":"in.0","record":{"n":0}}',
  '{"time":"2023-11-14T22:13:23.000000000Z","tag":"a.b","input":"in.0","record":{"n":0}}',
  '{"time":"2023-11-14T22:13:23.000000001Z","tag":"a.b","input":"in.0","record":{"n":1}}',
  '{"time":"2023-11-14T22:13:20.000000000Z","tag":"x","input":"cpu.0","record":{"n":0}}',
]

const choices: readonly (readonly [args: string, shown: readonly number[]])[] = [
  ['', [0, 1, 2, 3, 4, 5]],
  ['--lane other', [5]],
  ['--tag a.b', [0, 2, 3, 4]],
  ['--tag *c --tag x', [1, 5]],
  ['--since 2023-11-14T22:13:22', [2, 3, 4]],
  ['--until 2023-11-14T22:13:21.000000005Z', [0, 5]],
  ['--since 2023-11-14T22:13:20.1Z --limit 2', [1, 2]],
  ['--pending a.0 --lane default', [1, 3, 4]],
  ['--pending b.0', []],
]

for (const [args, shown] of choices) {
  test(`log cat ${args} shows ${shown.length} events`, async (t) => {
    const more = args.split(' ').filter((word) => word !== '')
    const { code, stdout, stderr } = await ranSluice(t, ['log', 'cat', '-b', storageOf(t, small), ...more])
    assert.deepEqual([code, stderr], [0, ''])
    assert.deepEqual(
      linesOf(stdout),
      shown.map((index) => golden[index]),
    )
  })
}

test('log ls lists lanes and outputs with a tab between cells', async (t) => {
  const { code, stdout, stderr } = await ranSluice(t, ['log', 'ls', '-b', storageOf(t, small)])
  assert.equal(code, 0)
  const cells = linesOf(stdout).map((line) => line.split('\t'))
  const columns = (row: number, ...indexes: readonly number[]): unknown => indexes.map((index) => cells[row]?.[index])
  const times = ['2023-11-14T22:13:20.000Z', '2023-11-14T22:13:23.000Z']
  assert.deepEqual(columns(0, 0, 1, 2, 3, 4), ['lane', 'mode', 'segments', 'bytes', 'events'])
  assert.deepEqual(columns(1, 0, 1, 2, 4, 5, 6, 7, 8), ['default', '-', '2', '5', ...times, '0', '0'])
  assert.deepEqual(columns(2, 0, 2, 4), ['other', '1', '1'])
  assert.deepEqual(columns(5, 0, 1, 2, 3), ['a.0', 'default', '1', '3'])
  assert.match(String(columns(5, 5)), /^\d+d \d+h$/)
  assert.deepEqual(cells[6], ['b.0', 'default', '4', '0', '0', '-'])
  assert.match(stderr, /^without -c the routes are unknown/)
})

/** Each segment has one chunk of 256 KiB. */
function largeLog(t: TestContext, megabytes: number): string {
  const entries = Buffer.concat(Array.from({ length: 256 }, (_, n) => entryOf({ n, text: 'x'.repeat(1000) }, 1)))
  const segments = Array.from({ length: megabytes * 4 }, (_, sequence) => [{ sequence, count: 256, entries }])
  return storageOf(t, { lanes: { default: segments } })
}

/** Tells on standard error how much memory a process had at most, in KiB. */
const tellMemory = 'data:text/javascript,process.on("exit",()=>console.error("peak "+process.resourceUsage().maxRSS))'

async function peakOf(t: TestContext, command: string): Promise<{ readonly text: string; readonly peakMiB: number }> {
  const env = { ...process.env, SLUICE: `"${process.execPath}" --import '${tellMemory}' "${agentProgram}"` }
  const shell = new TestProcess('sh', ['-c', command.replace('sluice', env.SLUICE)], { env })
  t.after(() => shell.stop('SIGKILL'))
  assert.equal(await shell.exited, 0, shell.stderr)
  return { text: shell.stdout, peakMiB: Number(/peak (\d+)/.exec(shell.stderr)?.[1]) / 1024 }
}

/** Between two collections garbage comes to 20 to 55 MiB, as each version of V8 thinks best. */
const garbageMiB = 70

test('a log of many segments is never held in memory', async (t) => {
  const megabytes = 100
  const storage = largeLog(t, megabytes)
  const few = await peakOf(t, `sluice log cat -b ${storage} --limit 1`)
  const all = await peakOf(t, `sluice log cat -b ${storage} | wc -l`)
  assert.equal(Number(all.text), megabytes * 1024)
  assert.ok(all.peakMiB < few.peakMiB + garbageMiB, `${all.peakMiB} MiB, for one event ${few.peakMiB} MiB`)
  const check = await peakOf(t, `sluice log check -b ${storage}`)
  assert.match(check.text, new RegExp(`good: ${megabytes * 4} segments, `))
  assert.ok(check.peakMiB < few.peakMiB + garbageMiB, `${check.peakMiB} MiB, for one event ${few.peakMiB} MiB`)
})

test('nobody reading on is no failure', async (t) => {
  const script = `exec 3>&1; { "$NODE" "$SLUICE" log cat -b "$STORAGE"; echo "code $?" >&3; } | head -n 2`
  const env = { ...process.env, NODE: process.execPath, SLUICE: agentProgram, STORAGE: largeLog(t, 4) }
  const shell = new TestProcess('sh', ['-c', script], { env })
  t.after(() => shell.stop('SIGKILL'))
  await shell.exited
  assert.equal(shell.stderr, '')
  assert.deepEqual(
    linesOf(shell.stdout)
      .map((line) => line.slice(0, 8))
      .sort(),
    ['code 0', '{"time":', '{"time":'],
  )
})

test('log check tells a torn tail and goes on, and finds a checkpoint that says something wrong', async (t) => {
  const storage = storageOf(t, small)
  const path = join(storage, 'log', 'other', segmentName(0))
  writeFileSync(path, segmentOf([{ sequence: 0 }], { closed: false }).subarray(0, -3))
  const torn = await ranSluice(t, ['log', 'check', '-b', storage])
  assert.equal(torn.code, 0)
  assert.match(
    torn.stdout,
    /^\S+other\S+: at 34, \d+ bytes: torn tail: being written now, or cut short by a crash; no damage\n/,
  )
  assert.match(torn.stdout, /log: good: 3 segments, 4 chunks, 5 events\n$/)
  writeFileSync(join(storage, 'log', 'checkpoint.json'), '{"version":1')
  const wrong = await ranSluice(t, ['log', 'check', '-b', storage])
  assert.equal(wrong.code, 1)
  assert.match(wrong.stdout, /checkpoint\.json: at 0, 12 bytes: expected a JSON object, got \{"version":1\n/)
})

test('without a checkpoint there is no more to tell, and nothing is wrong', async (t) => {
  const { checkpoint: _, ...rest } = small
  const storage = storageOf(t, rest)
  const checked = await ranSluice(t, ['log', 'check', '-b', storage])
  assert.deepEqual([checked.code, checked.stderr], [0, ''])
  assert.match(
    checked.stdout,
    /checkpoint\.json: none: an agent that starts delivers everything on disk to every output\n/,
  )
  const { stdout } = await ranSluice(t, ['log', 'ls', '-b', storage])
  assert.equal(linesOf(stdout).length, 3)
})

const usageErrors: readonly (readonly [args: string, message: RegExp])[] = [
  ['lss', /log: expected ls, cat, check, dead, got "lss"; did you mean "ls"\?/],
  ['ls', /log ls: expected -c FILE or -b FOLDER, the storage.path of the agent, got neither/],
  ['ls -b STORAGE --jsn', /log ls: expected one of --config, --storage, --json, got --jsn; did you mean "--json"\?/],
  [
    'ls -b STORAGE/log',
    /STORAGE\/log: expected the storage.path of an agent, got another folder; did you mean "STORAGE"\?/,
  ],
  [
    'ls -b STORAGE/log/default',
    /log\/default: expected the storage.path of an agent, got another folder; has one run\?/,
  ],
  ['check -b STORAGE/lug', /STORAGE\/lug: expected the storage.path of an agent, got no folder; did you mean "log"\?/],
  ['cat -b STORAGE --lane defalt', /--lane: expected one of default, other, got "defalt"; did you mean "default"\?/],
  ['cat -b STORAGE --pending a.1', /--pending: expected one of a.0, b.0, got "a.1"; did you mean "a.0"\?/],
  ['cat -b STORAGE --since soon', /--since: expected a time such as .*, got "soon"/],
  ['cat -b STORAGE --limit 0', /--limit: expected a number of 1 or more, got "0"/],
  [
    'cat -c conf/sluice.yaml',
    /conf\/sluice.yaml: expected a service.storage.path, got none; what this pipeline holds is in/,
  ],
]

for (const [args, message] of usageErrors) {
  test(`sluice log ${args} ends with 64 and says why`, async (t) => {
    const storage = storageOf(t, small)
    const { code, stdout, stderr } = await ranSluice(t, ['log', ...args.replace('STORAGE', storage).split(' ')])
    assert.deepEqual([code, stdout], [64, ''], stderr)
    assert.match(stderr.replaceAll(storage, 'STORAGE'), message)
  })
}

test('sluice log --help and sluice help log tell the same', async (t) => {
  const [one, other] = [await ranSluice(t, ['log', '--help']), await ranSluice(t, ['help', 'log'])]
  assert.deepEqual(one, other)
  for (const part of ['sluice log cat -c FILE', '--pending OUTPUT', 'options of dead'])
    assert.ok(one.stdout.includes(part))
})
