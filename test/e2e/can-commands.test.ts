import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'

const program = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'sluice-can-'))

const dbc = `BU_: X

BO_ 291 Engine: 2 X
 SG_ Speed : 0|8@1+ (0.5,0) [0|0] "km/h" X
 SG_ Gear : 8|8@1+ (1,0) [0|0] "" X

BA_DEF_ BO_ "GenMsgCycleTime" INT 0 65535;
BA_DEF_DEF_ "GenMsgCycleTime" 0;
BA_ "GenMsgCycleTime" BO_ 291 100;
VAL_ 291 Gear 1 "Drive" ;
`

const log = `(1436509052.249713) can0 123#1901 R
(1436509052.349713) can0 7FF#AB R
(1436509052.449713) can1 123#1A00 T
`

interface Ran {
  readonly status: number | null
  readonly out: string
  readonly err: string
}

function can(args: readonly string[], input = ''): Ran {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, 'can', ...args], {
    cwd: folder,
    input,
    encoding: 'utf8',
    timeout: 30_000,
  })
  return { status, out: stdout, err: stderr }
}

before(() => {
  writeFileSync(join(folder, 'engine.dbc'), dbc)
  writeFileSync(join(folder, 'drive.log'), log)
  writeFileSync(join(folder, 'bad.dbc'), 'BU_: X\n\nBO_ 291 Engine: 2 X\n SG_ Speed : oops\n')
})

after(() => rmSync(folder, { recursive: true }))

test('decode gives a JSON line for each frame that the file knows, and tells of the others', () => {
  const { status, out, err } = can(['decode', 'drive.log', '--dbc', 'engine.dbc'])
  assert.deepEqual(
    out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown),
    [
      {
        time: '2015-07-10T06:17:32.249713000Z',
        bus: 'can0',
        id: 291,
        message: 'Engine',
        signals: { Speed: 12.5, Gear: 1 },
      },
      {
        time: '2015-07-10T06:17:32.449713000Z',
        bus: 'can1',
        id: 291,
        message: 'Engine',
        signals: { Speed: 13, Gear: 0 },
      },
    ],
  )
  assert.equal(err, 'drive.log: 3 frames, 1 of them unknown\n')
  assert.equal(status, 0)
})

test('decode reads standard input, gives unknown frames as they are, and texts for values', () => {
  const args = ['decode', '-', '--dbc', 'can0=engine.dbc', '--unknown', '--labels', 'text', '--limit', '3']
  const { out, status } = can(args, `${log}${log}`)
  const lines = out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { [key: string]: unknown })
  assert.deepEqual(
    lines.map(({ signals, data }) => signals ?? data),
    [{ Speed: 12.5, Gear: 'Drive' }, 'ab', '1a00'],
  )
  assert.equal(status, 0)
})

test('decode takes messages for those of J1939 where it is told to, or for none', () => {
  const truck = 'BO_ 2364539904 EEC1: 8 E\n SG_ EngineSpeed : 24|16@1+ (0.125,0) [0|0] "rpm" X\n'
  const says = 'BA_ "ProtocolType" "J1939";\n'
  writeFileSync(join(folder, 'truck.dbc'), truck)
  writeFileSync(join(folder, 'j1939.dbc'), truck + says)
  const speeds = (...args: readonly string[]): unknown[] => {
    const { out } = can(
      ['decode', '-', '--dbc', ...args],
      '(1.0) can0 0CF00403#207D87481400F087\n(1.0) can0 0CF00400#FFFFFFFFFFFFFFFF\n',
    )
    return out
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => (JSON.parse(line) as { signals: object }).signals)
  }
  const [speed, none, most] = [{ EngineSpeed: 649 }, { EngineSpeed: null }, { EngineSpeed: 8191.875 }]
  assert.deepEqual(speeds('truck.dbc'), [most])
  assert.deepEqual(speeds('truck.dbc', '--j1939', 'yes'), [speed, none])
  assert.deepEqual(speeds('j1939.dbc'), [speed, none])
  assert.deepEqual(speeds('j1939.dbc', '--j1939', 'no'), [most])
})

test('decode tells how many lines it could not read, and fails', () => {
  const { out, err, status } = can(['decode', '-', '--dbc', 'engine.dbc'], `noise\n${log}noise`)
  assert.equal(out.split('\n').length, 3)
  assert.match(err, /-: 2 lines not read as candump, the last of them line 5\n$/)
  assert.equal(status, 1)
})

test('dbc check tells each mistake by its place, and fails', () => {
  const good = can(['dbc', 'check', 'engine.dbc'])
  assert.deepEqual([good.status, good.out], [0, 'engine.dbc: good: 1 message, 2 signals\n'])
  const bad = can(['dbc', 'check', 'engine.dbc', 'bad.dbc'])
  assert.match(bad.out, /^bad\.dbc:4:\d+: .+\nbad\.dbc: 1 problem: /m)
  assert.equal(bad.status, 1)
})

test('dbc show lists messages, or draws one', () => {
  const list = can(['dbc', 'show', 'engine.dbc'])
  assert.equal(list.out, 'id\tmessage\tbytes\tcycle\tsignals\tsender\n0x123\tEngine\t2\t100 ms\t2\tX\n')
  const { out, status } = can(['dbc', 'show', 'engine.dbc', 'Engine'])
  assert.match(out, /^Engine 0x123, 2 bytes, every 100 ms\n/)
  assert.match(out, /byte {2}0 │ a< {2}a {3}a {3}a {3}a {3}a {3}a {3}a │/)
  assert.match(out, /^a\tSpeed\t0\|8@little\tunsigned\traw \* 0\.5\tkm\/h$/m)
  assert.match(out, /^Gear: 1 Drive$/m)
  assert.equal(status, 0)
})

test('monitor shows each id once at the end where there is no terminal', () => {
  const { out, status } = can(['monitor', '-', '--dbc', 'engine.dbc'], log)
  assert.match(out, /^can0\t123\t1\t\t0\.2 s\t19 01\tEngine\tSpeed 12\.5 km\/h, Gear Drive$/m)
  assert.match(out, /^can1\t123\t1\t\t0\.0 s\t1A 00\tEngine\tSpeed 13 km\/h, Gear 0$/m)
  assert.equal(status, 0)
})

test('what is wrong on the command line, and what cannot be read, is told', () => {
  const wrong: readonly (readonly [args: readonly string[], status: number, message: RegExp])[] = [
    [[], 64, /can: expected decode, dbc, monitor, got nothing/],
    [['decode'], 64, /expected one log, or - for standard input, got nothing/],
    [['decode', 'drive.log'], 64, /expected --dbc FILE or --unknown, got neither/],
    [['decode', 'drive.log', '--dbc', 'engine.dbc', '--format', 'acs'], 64, /--format: .* did you mean "asc"/],
    [['decode', 'none.log', '--dbc', 'engine.dbc'], 1, /"none\.log": cannot read: ENOENT/],
    [['dbc', 'show', 'engine.dbc', 'Engin'], 64, /did you mean "Engine"/],
  ]
  for (const [args, status, message] of wrong) {
    const ran = can(args)
    assert.match(ran.err, message)
    assert.equal(ran.status, status, ran.err)
  }
  assert.match(can(['--help']).out, /sluice can decode LOG/)
})

test('a DBC file may come by standard input', () => {
  assert.deepEqual(can(['dbc', 'check', '-'], dbc), { status: 0, out: '-: good: 1 message, 2 signals\n', err: '' })
  assert.match(can(['dbc', 'show', '-', '0x123'], dbc).out, /^Engine 0x123, 2 bytes/)
  assert.match(can(['dbc', 'show', '-', '291'], dbc).err, /its id in hexadecimal, got "291"/)
})
