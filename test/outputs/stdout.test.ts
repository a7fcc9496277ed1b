import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { PassThrough, Writable } from 'node:stream'
import { describe, test } from 'node:test'
import { StdoutOutput, type Terminal } from '../../outputs/stdout/stdout-output.js'
import stdout from '../../outputs/stdout/index.js'
import type { EventRecord } from '../../src/event/event.js'
import { AgentError, PermanentError } from '../../src/plugin/errors.js'
import { outputContract } from '../contract/output.js'
import { batchOf } from '../support/batch.js'
import { optionsOf } from '../support/options.js'
import { RecordingOutputContext } from '../support/output-context.js'

const forever = new AbortController().signal

/** A destination that takes, fails, or keeps a write waiting, as it is told. */
class Gate extends Writable {
  text = ''
  answer: (done: (error?: Error) => void) => void = (done) => done()

  constructor() {
    super({ autoDestroy: false, highWaterMark: 1 })
  }

  override _write(bytes: Buffer, _encoding: BufferEncoding, done: (error?: Error) => void): void {
    this.answer((error) => {
      if (!error) this.text += bytes.toString()
      done(error)
    })
  }
}

function errorOf(code: string): Error {
  return Object.assign(new Error(`${code}: written to a test`), { code })
}

function jsonOutput(terminal: Terminal): StdoutOutput {
  return new StdoutOutput(terminal, new RecordingOutputContext().formatter('ndjson'), {})
}

function recordsIn(text: string): EventRecord[] {
  const lines = text.split('\n').filter((line) => line !== '')
  return lines.map((line) => {
    const { date: _date, ...record } = JSON.parse(line) as EventRecord
    return record
  })
}

outputContract(
  'stdout',
  async () => {
    const gate = new Gate()
    let finish: (() => void) | undefined
    return {
      output: jsonOutput(gate),
      taken: () => recordsIn(gate.text),
      accept: () => {
        gate.answer = (done) => done()
        finish?.()
      },
      hang: () => ({
        reached: new Promise((resolve) => {
          gate.answer = (done) => {
            finish = done
            resolve()
          }
        }),
      }),
      end: () => undefined,
    }
  },
  ['hang'],
)

/** One batch on a terminal, or elsewhere, as a person sees it. */
async function shown(
  samples: Parameters<typeof batchOf>[0],
  terminal: Partial<Terminal> = {},
  env = {},
): Promise<string> {
  const stream = Object.assign(new PassThrough(), terminal)
  await new StdoutOutput(stream, undefined, env).flush(batchOf(samples), forever)
  return String(stream.read() ?? '')
}

const plain = { NO_COLOR: '1' }

describe('readable lines', () => {
  test('hold the time, the tag and every field', async () => {
    const record = { cpu_p: 12.34567, n: 3, host: 'gw-1', up: true, none: null }
    const text = await shown([{ tag: 'host.cpu', seconds: 1_700_000_000, nanoseconds: 123_456_789, record }])
    assert.match(
      text,
      /^\d{4}-\d\d-\d\d \d\d:\d\d:20\.123 {2}host\.cpu {2}cpu_p=12\.346 n=3 host=gw-1 up=true none=null\n$/,
    )
  })

  const values: readonly [name: string, record: EventRecord, expected: string][] = [
    ['text with blanks is quoted', { log: 'a "b" c' }, String.raw`log="a \"b\" c"`],
    ['empty text is quoted', { log: '' }, 'log=""'],
    [
      'control characters never reach the terminal',
      { log: 'a\u001b[2Jb\u009bc\u202ed' },
      String.raw`log="a\u001b[2Jb\u009bc\u202ed"`,
    ],
    ['line breaks stay on the line', { log: 'a\nb' }, String.raw`log="a\nb"`],
    ['names are made harmless too', { 'a\u001bb': 1 }, String.raw`a\u001bb=1`],
    ['maps and lists are written inside', { a: { b: [1, 'x y', { c: null }] } }, 'a={b=[1 "x y" {c=null}]}'],
    ['bytes are hexadecimal', { raw: Uint8Array.of(1, 255) }, 'raw=0x01ff'],
    ['many bytes are cut', { raw: new Uint8Array(20) }, `raw=0x${'00'.repeat(16)}…(20 bytes)`],
    ['small numbers keep their first digits', { a: 0.000012345 }, 'a=0.0000123'],
    ['numbers lose what no eye takes in', { a: 1.00049, b: -2.5 }, 'a=1 b=-2.5'],
    ['integers beyond 2^53 are whole', { a: 2n ** 63n }, 'a=9223372036854775808'],
  ]
  test('write every kind of value', async (t) => {
    assert.ok(values.length > 0)
    for (const [name, record, expected] of values) {
      await t.test(name, async () => assert.equal((await shown([{ record }])).split('  test  ')[1], `${expected}\n`))
    }
  })

  test('leave the day out, align tags and end at the width of a terminal', async () => {
    const samples = [
      { tag: 'a.longer.tag', record: { n: 1 } },
      { tag: 'short', record: { text: 'x'.repeat(100) } },
    ]
    const lines = (await shown(samples, { isTTY: true, columns: 50 }, plain)).split('\n')
    assert.match(lines[0] ?? '', /^\d\d:\d\d:\d\d\.000 {2}a\.longer\.tag {2}n=1$/)
    assert.match(lines[1] ?? '', /^\d\d:\d\d:\d\d\.000 {2}short {9}text=x+…$/)
    assert.equal(lines[1]?.length, 50)
  })

  test('fit exactly without an ellipsis', async () => {
    const samples = [{ tag: 't', record: { n: 12345 } }]
    assert.match(await shown(samples, { isTTY: true, columns: 24 }, plain), /^.{12} {2}t {2}n=12345\n$/)
    assert.match(await shown(samples, { isTTY: true, columns: 23 }, plain), /^.{12} {2}t {2}n=123…\n$/)
  })

  test('are coloured on a terminal alone, and not where the user wants none', async () => {
    const samples = [{ record: { n: 1 } }]
    const coloured = (text: string): boolean => text.includes('\u001b[')
    assert.equal(coloured(await shown(samples, { isTTY: true, columns: 80 }, {})), true)
    assert.equal(coloured(await shown(samples, { isTTY: true, columns: 80 }, plain)), false)
    assert.equal(coloured(await shown(samples, { isTTY: true, columns: 80 }, { TERM: 'dumb' })), false)
    assert.equal(coloured(await shown(samples, {}, {})), false)
  })
})

describe('what stdout does about a bad reader', () => {
  test('a reader that has gone is told as an error for good', async () => {
    const gate = new Gate()
    gate.answer = (done) => done(errorOf('EPIPE'))
    await assert.rejects(jsonOutput(gate).flush(batchOf([{ record: {} }]), forever), (error) => {
      assert.ok(error instanceof PermanentError)
      assert.equal(error.code, 'STDOUT_CLOSED')
      return true
    })
  })

  test('any other failure asks for a retry', async () => {
    const gate = new Gate()
    gate.answer = (done) => done(errorOf('ENOSPC'))
    await assert.rejects(jsonOutput(gate).flush(batchOf([{ record: {} }]), forever), (error) => {
      assert.ok(error instanceof AgentError && !(error instanceof PermanentError))
      assert.match(error.message, /^stdout: cannot write: ENOSPC/)
      return true
    })
  })

  test('a flush that was given up while the reader waited is not written twice', async () => {
    const gate = new Gate()
    let finish: (() => void) | undefined
    const reached = new Promise<void>((resolve) => {
      gate.answer = (done) => {
        finish = done
        resolve()
      }
    })
    const output = jsonOutput(gate)
    const abort = new AbortController()
    const first = output.flush(batchOf([{ record: { n: 1 } }]), abort.signal)
    await reached
    abort.abort(new AgentError('TEST_ABORT', 'stopped'))
    await assert.rejects(first, /stopped/)
    const second = output.flush(batchOf([{ record: { n: 1 } }], 2), forever)
    finish?.()
    await second
    assert.deepEqual(recordsIn(gate.text), [{ n: 1 }])
  })

  test('a pipe whose reader ends early ends no program', async () => {
    const program = `
      import { StdoutOutput } from ${JSON.stringify(new URL('../../outputs/stdout/stdout-output.js', import.meta.url))}
      import { batchOf } from ${JSON.stringify(new URL('../support/batch.js', import.meta.url))}
      const output = new StdoutOutput(process.stdout, undefined, {})
      const batch = batchOf(Array.from({ length: 2000 }, (_, n) => ({ record: { n, fill: 'x'.repeat(100) } })))
      let code
      for (let flush = 0; flush < 100 && !code; flush++) {
        await output.flush(batch, new AbortController().signal).catch((error) => (code = error.code))
      }
      process.stderr.write(String(code))
    `
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['ignore', 'pipe', 'pipe'] })
    child.stdout.once('data', () => child.stdout.destroy())
    let said = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text))
    const [code] = (await once(child, 'close')) as [number]
    assert.equal(said, 'STDOUT_CLOSED')
    assert.equal(code, 0)
  })
})

test('json ends with a newline, msgpack is left as it is', async () => {
  const context = new RecordingOutputContext()
  const batch = batchOf([{ record: { n: 1 } }])
  const gate = new Gate()
  await new StdoutOutput(gate, context.formatter('json'), {}).flush(batch, forever)
  assert.match(gate.text, /^\[.*\]\n$/)
  const stream = new PassThrough()
  await new StdoutOutput(stream, context.formatter('msgpack'), {}).flush(batch, forever)
  assert.deepEqual(stream.read(), Buffer.from(batch.chunks[0]?.entries ?? []))
})

test('every format can be made', () => {
  for (const format of ['readable', 'json', 'json_lines', 'msgpack']) {
    assert.ok(stdout.create(optionsOf(stdout, { format }), new RecordingOutputContext()))
  }
})
