import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { compileValidator } from '../../../src/config/ajv.js'
import { instanceSchema } from '../../../src/config/instance-schema.js'
import { readOptions } from '../../../src/config/read-options.js'
import {
  choice,
  defineInput,
  duration,
  flag,
  integer,
  list,
  listOf,
  map,
  number,
  record,
  scheduled,
  secret,
  size,
  text,
} from '../../../src/plugin/index.js'
import { optionsOf } from '../../support/options.js'

const sample = defineInput({
  summary: 'A sample.',
  full: 'wait',
  options: {
    ...scheduled,
    host: text('Host.', { required: true, aliases: ['server'] }),
    port: integer('Port.', { minimum: 1, maximum: 65535 }),
    ratio: number('Ratio.'),
    wait: duration('Wait.', { minimum: 100, maximum: 60_000 }),
    limit: size('Limit.', { maximum: 1024 * 1024 }),
    buffer: size('Buffer.', { bare: 'KiB' }),
    verbose: flag('Verbose.', { default: false }),
    mode: choice('Mode.', ['slow', 'fast'], { default: 'fast' }),
    path: list('Paths.'),
    headers: map('Headers.'),
    dummy: record('Record.'),
    password: secret('Password.'),
    key_file: text('Key.', { needs: 'verbose' }),
    'storage.path': text('Path.'),
    'cut.by': text('By.', { aliases: ['cut'] }),
  },
  unsupported: { db: 'write `storage.path` in the service instead' },
  create: () => ({ run: () => Promise.resolve() }),
})
const schema = instanceSchema(sample)
const validate = compileValidator(schema)

function read(raw: Record<string, unknown>): { values: Record<string, unknown>; told: string[] } {
  const { values, problems } = readOptions(schema, { host: 'h', ...raw }, validate)
  return { values, told: problems.map(({ path, message, severity }) => `${severity} ${path.join('/')}: ${message}`) }
}

describe('readOptions', () => {
  test('warns of an option that has no effect while a flag is off', () => {
    const told = ['warning key_file: has no effect while verbose is off; write verbose: on, or leave it out']
    assert.deepEqual(read({ key_file: 'k' }).told, told)
    assert.deepEqual(read({ key_file: 'k', verbose: 'off' }).told, told)
    assert.deepEqual(read({ key_file: 'k', verbose: 'on' }).told, [])
    assert.deepEqual(read({ verbose: 'off' }).told, [])
  })

  const decoded: [string, Record<string, unknown>, string, unknown][] = [
    ['completes options with their defaults', {}, 'interval', 1000],
    ['reads a bare number as seconds', { interval: 5 }, 'interval', 5000],
    ['reads a bare number written as text as seconds', { interval: '0.5' }, 'interval', 500],
    ['reads a duration in two units', { wait: '1s250ms' }, 'wait', 1250],
    ['adds up interval_sec and interval_nsec', { interval_sec: 2, interval_nsec: '500000000' }, 'interval', 2500],
    ['reads a bare size as bytes', { limit: '100' }, 'limit', 100],
    ['reads a bare size in the unit of its option', { buffer: 32 }, 'buffer', 32_768],
    ['reads a bare size written as text in the unit of its option', { buffer: '1.5' }, 'buffer', 1536],
    ['reads a size with a unit in that', { buffer: '100B' }, 'buffer', 100],
    ['takes interval_sec as 1 beside interval_nsec alone', { interval_nsec: 500_000_000 }, 'interval', 1500],
    ['reads K as 1000', { limit: '32k' }, 'limit', 32_000],
    ['reads Ki as 1024', { limit: '32KiB' }, 'limit', 32_768],
    ['reads a bare number as bytes', { limit: 512 }, 'limit', 512],
    ['reads on as true', { verbose: 'On' }, 'verbose', true],
    ['reads no as false', { verbose: 'no' }, 'verbose', false],
    ['reads 1 as true', { verbose: 1 }, 'verbose', true],
    ['reads a number written as text', { port: '5170' }, 'port', 5170],
    ['reads a number where text is wanted', { tag: 7 }, 'tag', '7'],
    [
      'says nothing of what is the case anyway',
      { tls: 'off', 'storage.type': 'memory', routable: true },
      'tag',
      undefined,
    ],
    ['takes words in any case', { mode: 'Slow' }, 'mode', 'slow'],
    ['makes a list of one text', { path: '/var/log/*.log' }, 'path', ['/var/log/*.log']],
    ['keeps a list', { path: ['a', 'b'] }, 'path', ['a', 'b']],
    ['reads a record from JSON text', { dummy: '{"a":{"b":1}}' }, 'dummy', { a: { b: 1 } }],
    ['keeps great numbers of a record exact', { dummy: '{"a":9007199254740993}' }, 'dummy', { a: 9007199254740993n }],
    ['keeps a record', { dummy: { a: null } }, 'dummy', { a: null }],
    ['reads a map from lines', { headers: ['X-A b c', 'X-D e'] }, 'headers', { 'X-A': 'b c', 'X-D': 'e' }],
    ['reads a map as Fluent Bit writes labels', { headers: 'job=a b, id = $x' }, 'headers', { job: 'a b', id: '$x' }],
    ['reads a map', { headers: { a: 1 } }, 'headers', { a: '1' }],
    ['takes names in any case', { Wait: '1s' }, 'wait', 1000],
    ['takes aliases', { host: undefined, Server: 'other' }, 'host', 'other'],
    ['takes a nested name for a dotted one', { storage: { path: '/x' } }, 'storage.path', '/x'],
    ['takes the name of a group for the option whose short form it is', { cut: 'x' }, 'cut.by', 'x'],
    ['takes a group whose name is a short form too', { cut: { by: 'x' } }, 'cut.by', 'x'],
  ]
  for (const [name, raw, option, expected] of decoded) {
    test(name, () => {
      const given = Object.fromEntries(Object.entries({ host: 'h', ...raw }).filter(([, value]) => value !== undefined))
      const { values, problems } = readOptions(schema, given, validate)
      assert.deepEqual(problems, [])
      assert.deepEqual(values[option], expected)
    })
  }

  const wrong: [Record<string, unknown>, string][] = [
    [{ interva: '1s' }, 'error interva: unknown option; did you mean "interval"?'],
    [{ zzz: 1 }, 'error zzz: unknown option'],
    [{ interval: 'fast' }, 'error interval: expected a duration such as "1s" or "250ms", got "fast"'],
    [{ interval: '1x' }, 'error interval: expected a duration such as "1s" or "250ms", got "1x"'],
    [{ interval: -1 }, 'error interval: expected a duration such as "1s" or "250ms", got -1'],
    [{ interval: null }, 'error interval: expected a duration such as "1s" or "250ms", got nothing'],
    [{ interval: '1ms' }, 'error interval: expected at least 10ms, got "1ms"'],
    [{ wait: '2m' }, 'error wait: expected at most 1m, got "2m"'],
    [{ limit: '2MiB' }, 'error limit: expected at most 1MiB, got "2MiB"'],
    [{ limit: '2 bananas' }, 'error limit: expected a size such as "64KiB" or "5M", got "2 bananas"'],
    [{ verbose: 'maybe' }, 'error verbose: expected on or off, got "maybe"'],
    [{ port: 'ssh' }, 'error port: expected a whole number from 1 to 65535, got "ssh"'],
    [{ port: 0 }, 'error port: expected a whole number from 1 to 65535, got 0'],
    [{ port: true }, 'error port: expected a whole number from 1 to 65535, got true'],
    [{ ratio: 'x' }, 'error ratio: expected a number, got "x"'],
    [{ mode: 'fats' }, 'error mode: expected one of slow, fast, got "fats"; did you mean "fast"?'],
    [{ full: 'wat' }, 'error full: expected one of wait, drop_oldest, drop_newest, got "wat"; did you mean "wait"?'],
    [{ path: { a: 1 } }, 'error path: expected a list of texts, got a map'],
    [{ dummy: '[1]' }, 'error dummy: expected a map, or one as JSON text, got "[1]"'],
    [{ host: '' }, 'error host: expected text that is not empty, got ""'],
    [{ tag: '' }, 'error tag: expected text that is not empty, got ""'],
    [{ alias: '' }, 'error alias: expected a name of up to 200 characters, with no slash, got ""'],
    [{ alias: '../x' }, 'error alias: expected a name of up to 200 characters, with no slash, got "../x"'],
    [
      { headers: 'a=1, b' },
      'error headers: expected a map of texts, or texts "name value" or "name=value"; text 1 has no value',
    ],
    [
      { headers: 'x' },
      'error headers: expected a map of texts, or texts "name value" or "name=value"; text 1 has no value',
    ],
    [
      { headers: ['A b', 'Authorization:secret'] },
      'error headers: expected a map of texts, or texts "name value" or "name=value"; text 2 has no value',
    ],
    [{ password: { a: 1 } }, 'error password: expected text'],
    [
      { interval: '1s', interval_sec: 1 },
      'error interval_sec: "interval" is given already as "interval"; leave one of them out',
    ],
    [{ interval_sec: 'x' }, 'error interval_sec: expected a whole number, got "x"'],
    [{ interval_sec: 10n ** 20n }, 'error interval_sec: expected a whole number, got "100000000000000000000"'],
    [{ Interval_NSec: 5, interval_sec: 0 }, 'error Interval_NSec: expected at least 10ms, got 5e-9'],
    [{ server: 'x' }, 'error server: "host" is given already as "host"; leave one of them out'],
    [{ db: 'x' }, 'error db: not offered; write `storage.path` in the service instead'],
    [
      { 'storage.type': 'tape' },
      'error storage.type: not offered; write `storage.type: filesystem` or `memory`, or choose a `lane`',
    ],
    [{ storage: { pat: 'x' } }, 'error storage/pat: unknown option; did you mean "storage.path"?'],
    [{ processors: {} }, 'error processors: not offered; write filters with a `match` on the tag instead'],
    [{ tls: 'on' }, 'error tls: not offered; this input has no TLS'],
    [{ 'tls.verify': 'on' }, 'warning tls.verify: not used; this input has no TLS'],
    [
      { mem_buf_limit: '5M' },
      'warning mem_buf_limit: not used; `service.memory_limit` bounds what all inputs hold together',
    ],
  ]
  for (const [raw, message] of wrong) {
    test(`says ${message.slice(0, 90)}`, () => assert.ok(read(raw).told.includes(message), read(raw).told.join('\n')))
  }

  test('says that a required option is missing', () => {
    const { problems } = readOptions(schema, {}, validate)
    assert.deepEqual(problems, [{ path: [], severity: 'error', message: 'option "host" is missing' }])
  })

  test('tells all problems at once', () => {
    assert.equal(read({ interva: 1, port: 'x', mode: 'y', wait: '1ms' }).told.length, 4)
  })

  test('does not change what it is given', () => {
    const raw = { host: 'h', headers: { a: 1 } }
    readOptions(schema, raw, validate)
    assert.deepEqual(raw, { host: 'h', headers: { a: 1 } })
  })
})

describe('optionsOf', () => {
  test('gives typed values with those of the kind', () => {
    const options = optionsOf(sample, { host: 'h', wait: '2s' })
    const typed: { host: string; wait: number | undefined; tag: string } = options
    assert.deepEqual([typed.host, typed.wait, typed.tag], ['h', 2000, 'test'])
  })

  test('throws the text of every error', () => {
    assert.throws(() => optionsOf(sample, { nope: 1 }), /option "host" is missing\nnope: unknown option/)
  })
})

test('a list of sets of options is checked and decoded set by set', () => {
  const rules = defineInput({
    summary: 'A sample.',
    full: 'wait',
    options: { rules: listOf('Rules.', { match: text('What.', { required: true }), wait: duration('How long.') }) },
    create: () => ({ run: () => Promise.resolve() }),
  })
  const raw = { rules: [{ match: 'a', wait: '2s' }, { match: 'b' }] }
  assert.deepEqual(optionsOf(rules, raw).rules, [{ match: 'a', wait: 2000 }, { match: 'b' }])
  assert.throws(() => optionsOf(rules, { rules: [{ wait: '2s' }] }), /rules\.0.*match/)
  assert.throws(() => optionsOf(rules, { rules: [{ match: 'a', wait: 'long' }] }), /expected a duration/)
  assert.throws(() => optionsOf(rules, { rules: [{ match: 'a', weight: 1 }] }), /rules\.0.*unknown/)
})
