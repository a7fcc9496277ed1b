import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { createReadStream, existsSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { PassThrough, Readable } from 'node:stream'
import { describe, it } from 'node:test'

import stdin from '../../inputs/stdin/index.js'
import { stdinInput } from '../../inputs/stdin/stdin-input.js'
import { systemClock } from '../../src/base/clock.js'
import { settle } from '../support/fake-clock.js'
import { RecordingInputContext } from '../support/input-context.js'
import { optionsOf } from '../support/options.js'
import { parserNamed } from '../support/parsers.js'
import { startProcess } from '../support/process.js'
import { root } from '../support/source-tree.js'
import { Tree } from '../support/tree.js'

async function readAll(
  source: Readable,
  raw: { readonly [option: string]: unknown } = {},
): Promise<RecordingInputContext> {
  const context = new RecordingInputContext(systemClock, parserNamed)
  await stdinInput(optionsOf(stdin, raw), context, () => source).run(new AbortController().signal)
  return context
}

describe('stdin input', () => {
  it('takes records until the end and is done then', async () => {
    const context = await readAll(Readable.from([Buffer.from('{"a":1}\n{"b"'), Buffer.from(':2}\n[5.5,{"c":3}]')]))
    assert.deepEqual(context.records, [{ a: 1 }, { b: 2 }, { c: 3 }])
    assert.deepEqual(context.events[2]?.time, { seconds: 5, nanoseconds: 500_000_000 })
  })

  it('takes the same wherever the bytes are split', async () => {
    const text = Buffer.from('{"t":"ä]"}[1.5,{"b":9007199254740993}]\n{"c":[{}]}\n')
    for (let at = 1; at < text.length; at++) {
      const context = await readAll(Readable.from([text.subarray(0, at), text.subarray(at)]))
      assert.deepEqual(context.records, [{ t: 'ä]' }, { b: 9007199254740993n }, { c: [{}] }], `split at ${at}`)
    }
  })

  it('drops and counts what is no record, and goes on behind it', async () => {
    const context = await readAll(Readable.from([Buffer.from('{"a":1}\nnonsense\n[1]\n{"b":2}\n{"torn"')]))
    assert.deepEqual([context.records, context.dropped], [[{ a: 1 }, { b: 2 }], { invalid: 3 }])
  })

  it('drops and counts what is too long', async () => {
    const long = `{"a":"${'x'.repeat(5000)}"}\n`
    const context = await readAll(Readable.from([Buffer.from(`${long}{"b":2}\n`)]), { buffer_size: 100 })
    assert.deepEqual([context.records, context.dropped], [[{ b: 2 }], { too_long: 1 }])
  })

  it('takes the frames that its own framing finds', async () => {
    const framing = { type: 'start_stop', start: '<', stop: '>', checksum: 'xor', checksum_form: 'hex' }
    const source = Readable.from([Buffer.from('noise<on'), Buffer.from('01><tw03><tw04><cut')])
    const context = await readAll(source, { parser: 'none', framing })
    assert.deepEqual(context.records, [{ log: 'on' }, { log: 'tw' }])
    assert.deepEqual([context.dropped, context.counted], [{ bad_checksum: 1, cut_off: 1 }, { noise_bytes: 5 }])
  })

  it('takes what a parser makes of it', async () => {
    const context = await readAll(Readable.from([Buffer.from('{"a":\nx')]), { parser: 'none' })
    assert.deepEqual(context.records, [{ log: '{"a":' }, { log: 'x' }])
  })

  it('reads a file', async (t) => {
    const tree = new Tree(t, { input: '{"n":1}\n'.repeat(50_000) })
    const context = await readAll(createReadStream(tree.path('input')))
    assert.equal(context.events.length, 50_000)
  })

  it('does not read on while there is no room', async () => {
    const context = new RecordingInputContext(systemClock, parserNamed)
    context.hasRoom = false
    let read = 0
    const source = new Readable({
      highWaterMark: 1,
      read() {
        this.push(read++ < 100 ? '{"a":1}' : null)
      },
    })
    const done = stdinInput(optionsOf(stdin), context, () => source).run(new AbortController().signal)
    await settle()
    assert.ok(read <= 3, `${read} were read`)
    context.hasRoom = true
    await done
    assert.equal(context.events.length, 100)
  })

  it('ends when told, though the stream goes on, and counts what it was in the middle of', async () => {
    const context = new RecordingInputContext(systemClock, parserNamed)
    const stop = new AbortController()
    const source = new PassThrough()
    const done = stdinInput(optionsOf(stdin), context, () => source).run(stop.signal)
    source.write('{"a":1}{"b":')
    await context.received(1)
    stop.abort()
    await done
    assert.deepEqual([source.isPaused(), source.destroyed], [true, false])
    assert.deepEqual(context.dropped, { cut_off: 1 })
  })

  it('reads on where another one stopped, as after a reload', async () => {
    const source = new PassThrough()
    const contexts = [
      new RecordingInputContext(systemClock, parserNamed),
      new RecordingInputContext(systemClock, parserNamed),
    ]
    const [stop, [first, second]] = [new AbortController(), contexts as [RecordingInputContext, RecordingInputContext]]
    const ran = stdinInput(optionsOf(stdin), first, () => source).run(stop.signal)
    source.write('{"n":1}\n')
    await first.received(1)
    stop.abort()
    await ran
    source.write('{"n":2}\n')
    await settle()
    source.end('{"n":3}\n')
    await stdinInput(optionsOf(stdin), second, () => source).run(new AbortController().signal)
    assert.deepEqual([first.records, second.records], [[{ n: 1 }], [{ n: 2 }, { n: 3 }]])
  })

  it('fails where reading fails', async () => {
    const source = new PassThrough()
    source.destroy(new Error('EIO: the terminal is gone'))
    await assert.rejects(readAll(source), /the terminal is gone/)
  })

  it('does not open standard input before it runs', () => {
    const context = new RecordingInputContext(systemClock, parserNamed)
    stdinInput(optionsOf(stdin), context, () => assert.fail('it was opened'))
  })
})

const agent = join(root, 'dist/src/cli/main.js')
const command = [
  agent,
  '-i',
  'stdin',
  '-t',
  'in',
  '-o',
  'stdout',
  '-p',
  'format=json_lines',
  '-p',
  'json_date_key=false',
]

describe('an agent that reads standard input', () => {
  it('ends with it, be it a file or a pipe', (t) => {
    const tree = new Tree(t, { input: '{"a":1}\n{"b":2}' })
    const expected = '{"a":1}\n{"b":2}\n'
    const file = spawnSync(process.execPath, command, {
      stdio: [openSync(tree.path('input'), 'r'), 'pipe', 'ignore'],
      encoding: 'utf8',
    })
    assert.deepEqual([file.stdout, file.status], [expected, 0])
    const pipe = spawnSync(process.execPath, command, { input: '{"a":1}\n{"b":2}', encoding: 'utf8' })
    assert.deepEqual([pipe.stdout, pipe.status], [expected, 0])
  })

  it('stops when told, though the pipe stays open', async (t) => {
    const program = await startProcess(process.execPath, command)
    t.after(() => program.stop('SIGKILL'))
    program.stdin?.write('{"a":1}\n')
    await program.until(() => program.output.includes('{"a":1}'), 'it shows the event')
    program.kill('SIGTERM')
    assert.equal(await program.exited, 0)
  })

  it('stops when told on a terminal', { skip: hasScript() ? false : 'the program `script` is missing' }, async (t) => {
    // Without a shell in between, which by its kind may end by the signal itself.
    const line = ['exec', process.execPath, ...command].join(' ')
    const program = await startProcess('script', ['-qec', line, '/dev/null'])
    t.after(() => program.stop('SIGKILL'))
    program.stdin?.write('{"typed":true}\n')
    await program.until(() => /^\{"typed":true\}\r?\n[^]*\{"typed":true\}/m.test(program.output), 'it shows the event')
    program.stdin?.write('\u0003')
    assert.equal(await program.exited, 0)
  })
})

function hasScript(): boolean {
  return existsSync('/usr/bin/script')
}
