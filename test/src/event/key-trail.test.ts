import assert from 'node:assert/strict'
import { test } from 'node:test'
import { KeyTrails } from '../../../src/event/key-trail.js'

const most = 4096

test('4096 keys are known at most, and others as many records later', () => {
  const trails = new KeyTrails()
  const learn = (index: number): boolean => {
    const key = `k${index}`
    const packed = Buffer.from(`_${key}`)
    return trails.learn(trails.record(), Buffer.from(`"${key}":`), packed, index) !== undefined
  }
  const taken = Array.from({ length: most }, (_none, index) => learn(index))
  assert.ok(taken.every(Boolean))
  assert.equal(trails.record().keys.length, 0, 'as many records have passed')

  const crowd = trails.record()
  for (let index = 0; index < most; index++) trails.learn(crowd, Buffer.from('"key":'), Buffer.from('_key'), index)
  assert.equal(trails.learn(crowd, Buffer.from('"key":'), Buffer.from('_key'), 1), undefined)
  assert.equal(trails.record().keys.length, most)
})

test('a trail is laid anew when 16 maps in a row went other ways', () => {
  const trail = new KeyTrails().record()
  assert.equal(trail.miss(0), true, 'the first map is learned at once')
  const misses = (): boolean[] => Array.from({ length: 16 }, () => trail.miss(0))
  assert.deepEqual(misses(), [...new Array<boolean>(15).fill(false), true])
  for (let times = 0; times < 15; times++) trail.miss(0)
  trail.hit()
  assert.deepEqual(misses(), [...new Array<boolean>(15).fill(false), true])
})
