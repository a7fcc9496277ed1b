import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, test } from 'node:test'
import file from '../../outputs/file/index.js'
import type { EventRecord } from '../../src/event/event.js'
import type { Output } from '../../src/plugin/define.js'
import { AgentError } from '../../src/plugin/errors.js'
import { outputContract } from '../contract/output.js'
import { batchOf } from '../support/batch.js'
import { optionsOf } from '../support/options.js'
import { RecordingOutputContext } from '../support/output-context.js'

const forever = new AbortController().signal
let folder = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-file-'))
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

const urls: readonly [string, object][] = [
  ['file:///var/log/out.log', { path: '/var/log', file: 'out.log' }],
  ['file:///var/log/$TAG.log', { path: '/var/log', file: '$TAG.log' }],
  ['file:///a%20b/', { path: '/a b/' }],
  ['file:///out', { path: '/', file: 'out' }],
]
for (const [url, expected] of urls) {
  test(`${url} stands for its options`, () => assert.deepEqual(file.fromUrl?.(new URL(url)), expected))
}

test('a URL that has no whole path is refused', () => {
  const message = 'expected a URL with the whole path, such as file:///directory/name, got "file://out/x"'
  assert.throws(() => file.fromUrl?.(new URL('file://out/x')), { message })
})

async function outputTo(path: string, options: { readonly [name: string]: unknown } = {}): Promise<Output> {
  return file.create(optionsOf(file, { path, format: 'plain', ...options }), new RecordingOutputContext())
}

function numbered(from: number, count: number, tag = 'test'): { tag: string; record: EventRecord }[] {
  return Array.from({ length: count }, (_, n) => ({ tag, record: { n: from + n } }))
}

function recordsIn(path: string): EventRecord[] {
  const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1)
  return lines.map((line) => JSON.parse(line) as EventRecord)
}

function text(name: string): string {
  return readFileSync(join(folder, name), 'utf8')
}

outputContract(
  'file',
  async () => {
    const own = mkdtempSync(join(tmpdir(), 'sluice-file-'))
    const directory = join(own, 'there')
    const path = join(directory, 'out')
    return {
      output: await outputTo(directory, { file: 'out', mkdir: true }),
      taken: () => recordsIn(path),
      accept: () => {
        if (existsSync(directory) && statSync(directory).isFile()) rmSync(directory)
      },
      fail: () => writeFileSync(directory, 'a file where the directory should be'),
      end: () => rmSync(own, { recursive: true, force: true }),
    }
  },
  ['fail'],
)

describe('where the file output writes', () => {
  test('each tag has its file unless there is one for all', async () => {
    await (
      await outputTo(folder)
    ).flush(batchOf([...numbered(0, 1, 'a'), ...numbered(1, 1, 'b'), ...numbered(2, 1, 'a')]), forever)
    assert.deepEqual(recordsIn(join(folder, 'a')), [{ n: 0 }, { n: 2 }])
    assert.deepEqual(recordsIn(join(folder, 'b')), [{ n: 1 }])
  })

  test('a name may be made of the tag', async () => {
    const output = await outputTo(folder, { file: '$TAG[1]/log.$TAG[0]', mkdir: 'on' })
    await output.flush(batchOf(numbered(0, 1, 'vehicle.can0')), forever)
    assert.deepEqual(recordsIn(join(folder, 'can0', 'log.vehicle')), [{ n: 0 }])
  })

  test('no tag leads out of the directory', async () => {
    const output = await outputTo(join(folder, 'in'), { mkdir: 'on' })
    const tags = ['../up', '/etc/passwd', '..', '.', '', 'a/../../b', 'n\u0000ul', 'x'.repeat(5000)]
    await output.flush(batchOf(tags.flatMap((tag) => numbered(0, 1, tag))), forever)
    assert.deepEqual(readdirSync(folder), ['in'])
    assert.equal(
      readdirSync(join(folder, 'in')).length,
      tags.length - 1,
      'one of "." and "" shares a name with another',
    )
  })

  test('a missing directory asks for a retry, and says what is missing', async () => {
    const output = await outputTo(join(folder, 'missing'), { file: 'out' })
    await assert.rejects(output.flush(batchOf(numbered(0, 1)), forever), (error) => {
      assert.ok(error instanceof AgentError)
      assert.match(error.message, /missing\/out": cannot write: ENOENT/)
      return true
    })
  })

  test('a file is for its owner to write and its group to read', async () => {
    await (await outputTo(folder, { file: 'out' })).flush(batchOf(numbered(0, 1)), forever)
    assert.equal(statSync(join(folder, 'out')).mode & 0o777 & ~process.umask(), 0o640 & ~process.umask())
    await (await outputTo(folder, { file: 'other', mode: '0600' })).flush(batchOf(numbered(0, 1)), forever)
    assert.equal(statSync(join(folder, 'other')).mode & 0o777, 0o600)
  })
})

describe('how the file output writes', () => {
  const formats: readonly [format: string, options: { readonly [name: string]: unknown }, expected: string][] = [
    ['out_file', {}, 'test: [7.000000008, {"a":"b c","n":1}]\n'],
    ['plain', {}, '{"a":"b c","n":1}\n'],
    ['json_lines', { json_date_format: 'epoch' }, '{"date":7,"a":"b c","n":1}\n'],
    ['ltsv', { json_date_format: 'epoch' }, 'date:7\ta:b c\tn:1\n'],
    ['csv', { columns: ['n', 'a'], delimiter: 'tab' }, '1\tb c\n'],
    ['logfmt', { json_date_key: 'false' }, 'a="b c" n=1\n'],
    [
      'template',
      { template: '{time} a is {a}, n is {n}, {x} is not there' },
      '7.000000008 a is b c, n is 1, {x} is not there\n',
    ],
  ]
  test('a line an event, in the format of the user', async (t) => {
    assert.ok(formats.length > 0)
    for (const [format, options, expected] of formats) {
      await t.test(format, async () => {
        const output = await outputTo(folder, { file: format, format, ...options })
        await output.flush(batchOf([{ seconds: 7, nanoseconds: 8, record: { a: 'b c', n: 1 } }]), forever)
        assert.equal(text(format), expected)
      })
    }
  })

  test('the entries themselves with format msgpack', async () => {
    const batch = batchOf(numbered(0, 3))
    await (await outputTo(folder, { file: 'out', format: 'msgpack' })).flush(batch, forever)
    assert.deepEqual(readFileSync(join(folder, 'out')), Buffer.from(batch.chunks[0]?.entries ?? []))
  })

  test('a file that is there is continued, or begun anew', async () => {
    for (const n of [0, 1]) await (await outputTo(folder, { file: 'out' })).flush(batchOf(numbered(n, 1)), forever)
    assert.deepEqual(recordsIn(join(folder, 'out')), [{ n: 0 }, { n: 1 }])
    const anew = await outputTo(folder, { file: 'out', append: 'off', sync: 'on' })
    for (const n of [2, 3]) await anew.flush(batchOf(numbered(n, 1)), forever)
    assert.deepEqual(recordsIn(join(folder, 'out')), [{ n: 2 }, { n: 3 }])
  })

  test('half a line of a run that was killed stays alone', async () => {
    writeFileSync(join(folder, 'out'), '{"n":0}\n{"n":')
    await (await outputTo(folder, { file: 'out' })).flush(batchOf(numbered(1, 1)), forever)
    assert.equal(text('out'), '{"n":0}\n{"n":\n{"n":1}\n')
  })

  test('flushes at the same time never mix', async () => {
    const output = await outputTo(folder, { file: 'out' })
    const fill = 'x'.repeat(10_000)
    const flushes = Array.from({ length: 8 }, (_, n) => output.flush(batchOf([{ record: { n, fill } }]), forever))
    await Promise.all(flushes)
    assert.deepEqual(
      recordsIn(join(folder, 'out')),
      Array.from({ length: 8 }, (_, n) => ({ n, fill })),
    )
  })
})

describe('files that move', () => {
  test('a file that would grow too large is moved away, and so many are kept', async () => {
    const output = await outputTo(folder, { file: 'out', rotate_size: 1024, rotate_keep: 2 })
    for (let n = 0; n < 5; n++) await output.flush(batchOf([{ record: { n, fill: 'x'.repeat(600) } }]), forever)
    assert.deepEqual(readdirSync(folder).toSorted(), ['out', 'out.1', 'out.2'])
    const numbers = ['out', 'out.1', 'out.2'].map((name) => recordsIn(join(folder, name)).map(({ n }) => n))
    assert.deepEqual(numbers, [[4], [3], [2]])
  })

  test('none is kept where the user wants none', async () => {
    const output = await outputTo(folder, { file: 'out', rotate_size: 1024, rotate_keep: 0 })
    for (let n = 0; n < 3; n++) await output.flush(batchOf([{ record: { n, fill: 'x'.repeat(600) } }]), forever)
    assert.deepEqual(readdirSync(folder), ['out'])
  })

  test('a file that logrotate moved away or deleted is there again', async () => {
    const output = await outputTo(folder, { file: 'out' })
    await output.flush(batchOf(numbered(0, 1)), forever)
    renameSync(join(folder, 'out'), join(folder, 'moved'))
    await output.flush(batchOf(numbered(1, 1)), forever)
    assert.deepEqual(recordsIn(join(folder, 'moved')), [{ n: 0 }])
    assert.deepEqual(recordsIn(join(folder, 'out')), [{ n: 1 }])
    rmSync(join(folder, 'out'))
    await output.flush(batchOf(numbered(2, 1)), forever)
    assert.deepEqual(recordsIn(join(folder, 'out')), [{ n: 2 }])
  })
})

describe('a disk that is full', () => {
  test('leaves nothing of a batch that it could not take, and asks for a retry', async () => {
    const program = `
      import { Appender } from ${JSON.stringify(new URL('../../outputs/file/appender.js', import.meta.url))}
      const settings = { mode: 0o640, sync: false, mkdir: false, append: true, rotateBytes: Infinity, rotateKeep: 1, lines: true }
      const appender = new Appender(settings)
      await appender.append('out', () => Buffer.from('a'.repeat(299) + '\\n'))
      await appender.append('out', () => Buffer.from('b'.repeat(399) + '\\n')).catch((error) => console.log(error.code, error.message))
    `
    // A limit of one block of 512 bytes stops a write half way, as a full disk does.
    const limited = ['-c', 'ulimit -f 1; exec "$@"', 'sh', process.execPath, '--input-type=module', '-e', program]
    const { stdout, stderr } = spawnSync('sh', limited, { cwd: folder, encoding: 'utf8' })
    assert.match(stdout, /^FILE_WRITE "out": cannot write: EFBIG/, stderr)
    assert.equal(text('out'), `${'a'.repeat(299)}\n`)
  })

  test('is told by its own error', async () => {
    symlinkSync('/dev/full', join(folder, 'out'))
    await assert.rejects((await outputTo(folder, { file: 'out' })).flush(batchOf(numbered(0, 1)), forever), /ENOSPC/)
  })
})

test('a flush that ended well after its deadline is not written again by its retry', async () => {
  const output = await outputTo(folder)
  const deadline = new AbortController()
  const late = output.flush(batchOf(numbered(0, 2)), deadline.signal)
  await new Promise((resolve) => setImmediate(resolve))
  deadline.abort(new Error('late'))
  await late
  await output.flush(batchOf(numbered(0, 2), 2), forever)
  assert.deepEqual(recordsIn(join(folder, 'test')), [{ n: 0 }, { n: 1 }])
})

test('a retry writes no file a second time', async () => {
  const output = await outputTo(folder, { file: '$TAG/out' })
  const batch = batchOf([...numbered(0, 1, 'a'), ...numbered(1, 1, 'b')])
  mkdirSync(join(folder, 'a'))
  await assert.rejects(output.flush(batch, forever), /ENOENT/)
  mkdirSync(join(folder, 'b'))
  await output.flush({ ...batch, attempt: 2 }, forever)
  assert.deepEqual(recordsIn(join(folder, 'a', 'out')), [{ n: 0 }])
  assert.deepEqual(recordsIn(join(folder, 'b', 'out')), [{ n: 1 }])
})
