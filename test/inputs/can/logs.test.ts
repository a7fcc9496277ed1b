import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import can from '../../../inputs/can/index.js'
import { canInput } from '../../../inputs/can/can-input.js'
import { carDbc } from '../../support/frame-reports.js'
import { fieldsOf, fileOf, readAll } from '../../support/can-run.js'
import { FakeClock } from '../../support/fake-clock.js'
import { RecordingInputContext } from '../../support/input-context.js'
import { optionsOf } from '../../support/options.js'

/** A second; times before 1991 count from the start of a log. */
const start = 1_700_000_000

const candump = `(1436509052.249713) can0 100#A00F6E0000000000
(1436509052.349713) can1 12345678#0102 R
(1436509052.449713123) can0 123##3AABBCC T
`

describe('a log of candump', () => {
  test('is read to its end: each frame with its bus, direction and time', async (t) => {
    const context = await readAll({ path: fileOf(t, candump) })
    assert.deepEqual(fieldsOf(context, 'bus', 'direction', 'id', 'extended', 'data'), [
      ['can0', 'rx', 0x100, false, 'a00f6e0000000000'],
      ['can1', 'rx', 0x12345678, true, '0102'],
      ['can0', 'tx', 0x123, false, 'aabbcc'],
    ])
    assert.deepEqual(context.events[2]?.time, { seconds: 1436509052, nanoseconds: 449713123 })
    assert.deepEqual(context.records[2]?.['brs'], true)
    assert.equal(context.acks.length, 1, 'one read is one piece')
  })

  test('is decoded by DBC files, of all buses or of some', async (t) => {
    const dbc = fileOf(t, carDbc, 'car.dbc')
    const path = fileOf(t, candump)
    const all = await readAll({ path, dbc })
    assert.deepEqual(fieldsOf(all, 'message', 'Speed', 'Temp'), [['Engine', 1000, 70]])
    assert.deepEqual(all.counted, { unknown_frames: 2 })
    const one = await readAll({ path, dbc: { can1: [dbc] }, mode: 'both' })
    assert.deepEqual(fieldsOf(one, 'message'), [[undefined], [undefined], [undefined]])
    const both = await readAll({ path, dbc: { 'can*': dbc }, mode: 'both' })
    assert.deepEqual(fieldsOf(both, 'message'), [['Engine'], [undefined], [undefined]])
  })

  test('has lines that are no frames, which are dropped, told once a read and no harm', async (t) => {
    const context = await readAll({
      path: fileOf(t, `${candump}rubbish here\n(1436509053.0) can0 1#2\n# a comment\n${candump}`),
    })
    assert.equal(context.records.length, 6)
    assert.deepEqual(context.dropped, { unreadable: 2 })
    const [line] = context.log.lines
    assert.deepEqual([line?.level, line?.fields?.['line']], ['warn', 5])
  })

  test('may be thinned out by lists, rules, and on change, by the times of the frames', async (t) => {
    const lines = Array.from({ length: 100 }, (_none, n) => {
      const time = (start + n / 100).toFixed(2)
      return `(${time}) can0 200#0${n < 50 ? 0 : 3}\n(${time}) can0 201#${String(n).padStart(2, '0')}\n(${time}) can1 202#00`
    })
    const path = fileOf(t, lines.join('\n'))
    const rules = [
      { match: '0x200', on_change: true, max_silence: '300ms' },
      { match: 'can0:0x201', min_interval: '0.25s' },
    ]
    const context = await readAll({ path, deny: 'can1:*', rules })
    const told = context.events.map(({ time, record }) => [
      record['id'],
      (time.seconds - start) * 100 + Math.round(time.nanoseconds / 1e7),
    ])
    const of = (id: number): unknown[] => told.filter(([each]) => each === id).map(([, at]) => at)
    assert.deepEqual(of(0x200), [0, 30, 50, 80])
    assert.deepEqual(of(0x201), [0, 25, 50, 75])
    assert.deepEqual(of(0x202), [])
    assert.deepEqual(context.counted, { deselected_frames: 100, unchanged_frames: 192 })
  })
})

test('logs of ASC and TRC are known by their first lines', async (t) => {
  const asc = `date Fri Jul 10 11:04:12.000 am 2015
base hex  timestamps absolute
internal events logged
   0.010000 1  100             Rx   d 8 A0 0F 6E 00 00 00 00 00
`
  const trc = `;$FILEVERSION=1.1
;$STARTTIME=42195.5
;
     1)      1059.9  Rx         0100  8  A0 0F 6E 00 00 00 00 00
`
  const dbc = fileOf(t, carDbc, 'car.dbc')
  for (const text of [asc, trc]) {
    const context = await readAll({ path: fileOf(t, text), dbc })
    assert.deepEqual(fieldsOf(context, 'Speed', 'Temp'), [[1000, 70]], text)
    assert.match(String(new Date((context.events[0]?.time.seconds ?? 0) * 1000).getFullYear()), /2015/)
  }
})

test('several logs are read one after the other, each in its own form', async (t) => {
  const slcan = 't1002A00F\n'
  const path = [fileOf(t, candump), fileOf(t, slcan), fileOf(t, candump.slice(0, -1))]
  const context = await readAll({ path })
  assert.deepEqual(fieldsOf(context, 'id'), [[0x100], [0x12345678], [0x123], [0x100], [0x100], [0x12345678], [0x123]])
})

test('a log without times has those of reading, and one that counts from its start goes on from there', async (t) => {
  const clock = new FakeClock()
  clock.setWall(1_700_000_000_500)
  const context = await readAll({ path: fileOf(t, 'can0  123   [1]  11\n'), format: 'candump' }, { clock })
  assert.deepEqual(context.events[0]?.time, { seconds: 1_700_000_000, nanoseconds: 500_000_000 })
  const relative = await readAll({ path: fileOf(t, '(000.250000) can0 123#11\n(001.500000) can0 123#11\n') }, { clock })
  assert.deepEqual(
    relative.events.map(({ time }) => time.seconds + time.nanoseconds / 1e9),
    [1_700_000_000.5, 1_700_000_001.75],
  )
})

test('while there is no room a log is not read on', async (t) => {
  const lines = Array.from(
    { length: 20_000 },
    (_none, n) => `(${start + n}.000000) can0 123#${String(n % 100).padStart(2, '0')}\n`,
  )
  const context = new RecordingInputContext()
  context.hasRoom = false
  const ended = canInput(optionsOf(can, { path: fileOf(t, lines.join('')) }), context).run(new AbortController().signal)
  await context.received(1)
  const taken = context.events.length
  await new Promise((resolve) => setImmediate(resolve))
  assert.equal(context.events.length, taken)
  assert.ok(taken < 20_000)
  context.hasRoom = true
  await ended
  assert.equal(context.events.length, 20_000)
})

test('a log that is not there, or is cut off, is told by its name', async () => {
  await assert.rejects(readAll({ path: '/nowhere/a.log' }), {
    code: 'CAN_LOG',
    message: /^path: \/nowhere\/a\.log: ENOENT/,
  })
})

test('what a source lacks, or cannot use, is told before it runs', async () => {
  const wrong: readonly [object, RegExp][] = [
    [{ source: 'log' }, /^path: expected the log files to read/],
    [{ source: 'tcp' }, /^port: expected the port/],
    [{ source: 'stdin', path: 'a.log' }, /^path: expected `source: log` beside it/],
    [{ interfaces: [] }, /^interfaces: expected one at least/],
    [{ allow: '123' }, /^allow: expected an id/],
  ]
  for (const [raw, message] of wrong) await assert.rejects(readAll(raw), { message })
})
