import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { folderOf } from '../support/folder.js'
import { linesOf, rowOf, sluice } from '../support/sluice.js'
import { root } from '../support/source-tree.js'

interface Given {
  readonly files?: { readonly [path: string]: string }
  readonly stdin?: string
  readonly env?: { readonly [name: string]: string }
}

/** Runs a file of the folder `configs` to its end; `LOGS` and `OUT` are a folder of its own with the files given. */
async function ran(t: TestContext, config: string, { files = {}, stdin = '', env = {} }: Given = {}) {
  const folder = folderOf(t, files)
  const path = join(root, 'test/fluent-bit/configs', config)
  const agent = sluice(t, ['-c', path], { env: { ...process.env, LOGS: folder, OUT: folder, ...env } })
  agent.stdin?.end(stdin)
  assert.equal(await agent.exited, 0, agent.stderr)
  const lines = linesOf(agent.stdout)
  const records = lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as unknown)
  return { folder, stderr: agent.stderr, lines, records }
}

const read = (folder: string, name: string): string => readFileSync(join(folder, name), 'utf8')

test('dummy makes its record at the time that is set, and the filter parser gives its fields types', async (t) => {
  const { lines, records, stderr } = await ran(t, 'dummy.conf')
  assert.match(lines[0] ?? '', /^\{"date":1700000000\.000000005,/)
  const record = { date: 1700000000, INT: 100, FLOAT: 0.5, BOOL: true, STRING: 'This is example' }
  assert.deepEqual(records, [record, record])
  assert.equal(rowOf(stderr, 'null.0').delivered, 1)
})

test('modify goes through its rules where its conditions hold', async (t) => {
  const { records } = await ran(t, 'modify.conf')
  const memory = {
    'Mem.total': 1016024,
    MEMUSED: 841388,
    MEMFREE: 174636,
    SWAPTOTAL: 2064380,
    'Mem.total2': 'TOTALMEM2',
  }
  assert.deepEqual(records, [{ ...memory, cpustats: 'UNKNOWN', sourcetype: 'memstats' }])
})

test('nest puts fields below a field, and lift takes them out with a prefix', async (t) => {
  const { records } = await ran(t, 'nest.conf')
  assert.deepEqual(records, [{ 'Swap.total': 4, Lifted_Memstats: { total: 1, used: 2, free: 3 } }])
})

test('rewrite_tag makes a tag of the old one, fields and text, and file writes it before the record', async (t) => {
  const { folder } = await ran(t, 'rewrite-tag.conf')
  const lines = linesOf(read(folder, 'rewritten'))
  assert.equal(lines.length, 2)
  for (const line of lines) {
    const [, tag, time, record = ''] = /^(\S+): \[(\d+\.\d{9}), (.*)\]$/.exec(line) ?? []
    assert.equal(tag, 'from.test_tag.new.fluent.bit.out')
    assert.ok(Number(time) > 1.6e9)
    assert.deepEqual(JSON.parse(record), { tool: 'fluent', sub: { s1: { s2: 'bit' } } })
  }
})

test('file writes the formats of the manual', async (t) => {
  const { folder, lines } = await ran(t, 'file.conf')
  const record = '{"time2":"now","used":45,"free":55}'
  assert.match(read(folder, 'default.txt'), /^app\.one: \[1700000000\.\d{9}, \{.*\}\]\n$/)
  assert.ok(read(folder, 'default.txt').endsWith(`, ${record}]\n`))
  assert.equal(read(folder, 'plain.txt'), `${record}\n`)
  assert.equal(read(folder, 'template.txt'), 'now used=45 free=55 total=100\n')
  assert.match(read(folder, 'ltsv.txt'), /\ttime2:now\tused:45\tfree:55\n$/)
  assert.match(lines.join('\n'), /^\d+\.\d+,1 \(total = 1\)$/)
})

test('tail reads a log of Apache from its head, and grep keeps what failed', async (t) => {
  const lines = [
    '192.168.2.20 - - [28/Jul/2006:10:27:10 -0300] "GET /cgi-bin/try/ HTTP/1.0" 200 3395',
    '192.168.2.20 - frank [28/Jul/2006:10:27:11 -0300] "GET /x HTTP/1.0" 503 12 "-" "curl/8"',
  ]
  const { records, stderr } = await ran(t, 'tail-apache.conf', { files: { 'access.log': `${lines.join('\n')}\n` } })
  const request = { host: '192.168.2.20', user: 'frank', method: 'GET', path: '/x' }
  const answer = { code: 503, size: 12, referer: '-', agent: 'curl/8' }
  assert.deepEqual(records, [{ time: '2006-07-28T13:27:11.000000Z', ...request, ...answer }])
  assert.equal(rowOf(stderr, 'tail.0').accepted, 2)
})

test('the filter parser tries its parsers in order, and leaves alone what fits none', async (t) => {
  const lines = [
    "<34>1 2023-10-11T22:14:15.003Z mymachine.example.com su 77 ID47 - 'su root' failed",
    '<34>2023-10-11T22:14:15.5 mymachine su[123]: again',
    'something else',
  ]
  const { records } = await ran(t, 'syslog.conf', { files: { syslog: `${lines.join('\n')}\n` } })
  const [first, second, third] = records as Record<string, string>[]
  const common = { pri: '34', ident: 'su' }
  assert.deepEqual(first, {
    ...{ ...common, date: '2023-10-11T22:14:15.003000Z', time: '2023-10-11T22:14:15.003Z', pid: '77' },
    ...{ host: 'mymachine.example.com', msgid: 'ID47', extradata: '-', message: "'su root' failed" },
  })
  assert.deepEqual(second, {
    ...{ ...common, date: '2023-10-11T22:14:15.500000Z', time: '2023-10-11T22:14:15.5', pid: '123' },
    ...{ host: 'mymachine', message: 'again' },
  })
  assert.equal(third?.['log'], 'something else')
})

test('stdin reads what Docker writes, and its fields are decoded', async (t) => {
  const line = (log: string): string => JSON.stringify({ log, stream: 'stdout', time: '2023-10-11T22:14:15.25Z' })
  const stdin = `${line(String.raw`a \"b\"\n`)}\n${line('debug: nothing')}\n`
  const { records } = await ran(t, 'stdin.conf', { stdin })
  const record = { log: 'a "b"\n', stream: 'stdout', time: '2023-10-11T22:14:15.25Z' }
  assert.deepEqual(records, [{ date: 1697062455.25, ...record }])
})

test('exec runs its command once and gives its lines', async (t) => {
  const { records } = await ran(t, 'exec.conf')
  const lines = records.map((record) => (record as { readonly exec: string }).exec)
  assert.ok(lines.includes('stat') && lines.includes('status'))
})

test('variables, their fallbacks and includes shape the pipeline', async (t) => {
  for (const [env, host] of [
    [{ SITE: 'attic' }, 'attic'],
    [{}, 'nowhere'],
  ] as const) {
    const { records } = await ran(t, 'env.yaml', { env })
    const told = records.map((record) => JSON.stringify(record)).sort()
    const rest = `"host":"${host}","shape":"json_lines"`
    assert.deepEqual(told, [`{"message":"first line",${rest}}`, `{"message":"the third",${rest}}`])
  }
})
