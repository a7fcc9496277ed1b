import assert from 'node:assert/strict'
import { test } from 'node:test'
import { waitingIn, type Waiting } from '../../../src/log/waiting.js'

const onlyA = (tag: string): boolean => tag.startsWith('a')
const route = { id: 'out.0', matches: onlyA, startsOldest: false }
const lane = {
  next: 9,
  cursors: { 'out.0': { position: 3, settled: [[5, 7]] as const }, 'gone.0': { position: 9, settled: [] } },
}

function the(outputs: readonly Waiting[], id: string): Waiting {
  return outputs.find((output) => output.id === id) ?? assert.fail(`no ${id}`)
}

test('an output waits for what is behind its position and was not settled ahead of it', () => {
  const output = the(waitingIn(lane, [route]), 'out.0')
  const waited = Array.from({ length: 10 }, (_, sequence) => sequence).filter((sequence) => output.has(sequence))
  assert.deepEqual(waited, [3, 4, 7, 8, 9])
})

test('its route tells which chunks are for it, but those that name their output', () => {
  const output = the(waitingIn(lane, [route]), 'out.0')
  assert.equal(output.isExact, true)
  assert.equal(output.isFor({ tag: 'a.b', output: '' }), true)
  assert.equal(output.isFor({ tag: 'b.a', output: '' }), false)
  assert.equal(output.isFor({ tag: 'b.a', output: 'out.0' }), true)
  assert.equal(output.isFor({ tag: 'a.b', output: 'out.1' }), false)
})

test('without a configuration all outputs of the checkpoint are there, and might be for every tag', () => {
  const outputs = waitingIn(lane, undefined)
  assert.deepEqual(
    outputs.map(({ id, isExact }) => [id, isExact]),
    [
      ['out.0', false],
      ['gone.0', false],
    ],
  )
  assert.equal(the(outputs, 'out.0').isFor({ tag: 'b', output: '' }), true)
})

test('a new output waits for nothing unless it starts with the oldest, and without a checkpoint all wait for all', () => {
  const fresh = { id: 'new.0', matches: onlyA, startsOldest: false }
  assert.equal(the(waitingIn(lane, [fresh]), 'new.0').has(100), false)
  assert.equal(the(waitingIn(lane, [{ ...fresh, startsOldest: true }]), 'new.0').has(0), true)
  assert.equal(the(waitingIn(undefined, [fresh]), 'new.0').has(0), true)
})

const groups = [{ tag: 'a', input: 'in.0', output: '', chunks: 1, events: 1, bytes: 100 }]
const toldBy: readonly (readonly [first: number, last: number, isTold: boolean])[] = [
  [0, 2, true],
  [1, 3, false],
  [3, 4, true],
  [4, 5, false],
  [6, 8, false],
  [7, 9, true],
  [10, 12, true],
]

test('a summary tells all where a segment lies on one side of the position and of each settled range', () => {
  const output = the(waitingIn(lane, [route]), 'out.0')
  output.count({ events: 1, bytes: 1 }, { time: 1, uptime: 1, boot: '' })
  assert.deepEqual(
    toldBy.map(([first, last]) => [first, last, output.isToldBy({ first, last, groups })]),
    toldBy,
  )
})

test('a segment that may hold the oldest chunk of an output is read for when that was sealed', () => {
  const output = the(waitingIn(lane, [route]), 'out.0')
  assert.equal(output.isToldBy({ first: 10, last: 12, groups }), false)
  assert.equal(output.isToldBy({ first: 10, last: 12, groups: [{ ...groups[0], tag: 'b' } as never] }), true)
  assert.equal(output.isToldBy({ first: 0, last: 2, groups }), true)
})
