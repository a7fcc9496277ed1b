import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Gate } from '../../../../src/can/report/gate.js'
import { compileThinning, type Thinning } from '../../../../src/can/report/thinning.js'

const all: Thinning = { onChange: false, minInterval: 0, maxSilence: 0 }
const brakes = { bus: 'can0', id: 0x1a0, extended: false, message: 'Brakes' }

/** Which of `[milliseconds, value]` go through a gate. */
function through(thinning: Partial<Thinning>, seen: readonly (readonly [at: number, value: number])[]): number[] {
  const gate = new Gate({ ...all, ...thinning })
  let told: number | undefined
  return seen.flatMap(([at, value]) => {
    if (!gate.isDue(at, value !== told)) return []
    gate.open(at)
    told = value
    return [at]
  })
}

test('everything goes through where nothing is to be thinned out', () => {
  assert.deepEqual(
    through({}, [
      [0, 1],
      [0, 1],
      [5, 1],
    ]),
    [0, 0, 5],
  )
})

test('only changes go through on change, the first value among them', () => {
  assert.deepEqual(
    through({ onChange: true }, [
      [0, 1],
      [5, 1],
      [6, 2],
      [7, 2],
      [8, 1],
    ]),
    [0, 6, 8],
  )
})

test('a minimum interval lies between two that go through', () => {
  assert.deepEqual(
    through({ minInterval: 10 }, [
      [0, 1],
      [9, 2],
      [10, 3],
      [15, 4],
      [21, 5],
    ]),
    [0, 10, 21],
  )
})

test('a change within the minimum interval goes through after it, if it lasts', () => {
  const thinning = { onChange: true, minInterval: 10 }
  assert.deepEqual(
    through(thinning, [
      [0, 1],
      [5, 2],
      [10, 2],
      [12, 1],
      [15, 2],
      [20, 2],
      [25, 2],
    ]),
    [0, 10],
  )
})

test('after the longest silence the same value goes through again', () => {
  const thinning = { onChange: true, maxSilence: 100 }
  assert.deepEqual(
    through(thinning, [
      [0, 1],
      [99, 1],
      [100, 1],
      [150, 2],
      [249, 2],
      [250, 2],
    ]),
    [0, 100, 150, 250],
  )
})

test('a recording that begins again is no wait', () => {
  assert.deepEqual(
    through({ minInterval: 1000 }, [
      [5000, 1],
      [5500, 1],
      [20, 1],
      [500, 1],
      [1020, 1],
    ]),
    [5000, 20, 1020],
  )
})

test('the first rule that matches a message counts, and what it leaves out is as for all others', () => {
  const rules = compileThinning({ ...all, minInterval: 50 }, [
    { match: '0x1a0', onChange: true },
    { match: 'Brakes', minInterval: 7 },
    { match: 'can1:*', maxSilence: 9, onChange: undefined },
  ])
  assert.deepEqual(rules.ofMessage(brakes), { onChange: true, minInterval: 50, maxSilence: 0 })
  assert.deepEqual(rules.ofMessage({ ...brakes, id: 1 }), { onChange: false, minInterval: 7, maxSilence: 0 })
  const other = rules.ofMessage({ ...brakes, id: 1, bus: 'can1', message: undefined })
  assert.deepEqual(other, { onChange: false, minInterval: 50, maxSilence: 9 })
  assert.deepEqual(rules.ofMessage({ ...brakes, id: 1, message: undefined }), { ...all, minInterval: 50 })
})

test('rules of signals are none of messages', () => {
  const rules = compileThinning(all, [
    { match: 'Brakes.Pressure', minInterval: 1 },
    { match: '*.Press*', minInterval: 2 },
    { match: '0x1a0.Temp', onChange: true },
  ])
  assert.deepEqual(rules.ofMessage(brakes), all)
  assert.equal(rules.ofSignal(brakes, 'Pressure')?.minInterval, 1)
  assert.equal(rules.ofSignal({ ...brakes, message: 'Tyres' }, 'Pressure')?.minInterval, 2)
  assert.equal(rules.ofSignal(brakes, 'Temp')?.onChange, true)
  assert.equal(rules.ofSignal(brakes, 'Speed'), undefined)
})

test('a rule that matches nothing that there can be is refused', () => {
  for (const match of ['Brakes.', '.Speed', 'Brakes.a b', '291', 'Brakes.a.b']) {
    const expected = { code: 'CAN_PATTERN', message: /^rules: expected/ }
    assert.throws(() => compileThinning(all, [{ match }]), expected, match)
  }
})
