import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { compileSelection, selectedBlocks } from '../../../../src/can/index.js'

interface Lists {
  readonly allow?: readonly string[]
  readonly deny?: readonly string[]
}

function blocks({ allow = [], deny = [] }: Lists, bus = 'can0') {
  return selectedBlocks({ allow, deny }, bus)
}

test('an id is one block, a range the fewest that make it up', () => {
  assert.deepEqual(blocks({ allow: ['0x123'] }), [{ id: 0x123, mask: 0x7ff, extended: false }])
  assert.deepEqual(blocks({ allow: ['0x100-0x1ff'] }), [{ id: 0x100, mask: 0x700, extended: false }])
  assert.deepEqual(blocks({ allow: ['0x00000001-0x00000003'] }), [
    { id: 1, mask: 0x1fffffff, extended: true },
    { id: 2, mask: 0x1ffffffe, extended: true },
  ])
})

test('what is denied is cut out; without an allowed list out of all identifiers', () => {
  assert.deepEqual(blocks({ allow: ['0x100-0x103'], deny: ['0x102'] }), [
    { id: 0x100, mask: 0x7fe, extended: false },
    { id: 0x103, mask: 0x7ff, extended: false },
  ])
  assert.deepEqual(blocks({ deny: ['0x000-0x3ff'] }), [
    { id: 0x400, mask: 0x400, extended: false },
    { id: 0, mask: 0, extended: true },
  ])
})

test('lists of another bus, and names that only DBC files know, leave the choice to the reader', () => {
  assert.deepEqual(blocks({ allow: ['can*:0x123', 'lin0:0x124'] }), [{ id: 0x123, mask: 0x7ff, extended: false }])
  assert.deepEqual(blocks({ allow: ['0x123', 'Engine*'] }), [])
  assert.deepEqual(blocks({ allow: ['0x123'], deny: ['Engine*'] }), blocks({ allow: ['0x123'] }))
  assert.deepEqual(blocks({ allow: ['can1:0x123'] }), [])
  assert.deepEqual(blocks({}), [])
})

test('more than the kernel takes are none', () => {
  const odd = (count: number) => Array.from({ length: count }, (_, at) => `0x${(at * 2 + 1).toString(16)}`)
  assert.equal(blocks({ allow: odd(512) }).length, 512)
  assert.deepEqual(blocks({ allow: odd(513) }), [])
})

test('blocks let pass exactly the identifiers that the lists select', () => {
  const id = fc.integer({ min: 0, max: 0x7ff })
  const pattern = fc.tuple(id, id, fc.boolean()).map(([one, other, extended]) => {
    const digits = (value: number) => `0x${value.toString(16).padStart(extended ? 8 : 3, '0')}`
    return `${digits(Math.min(one, other))}-${digits(Math.max(one, other))}`
  })
  const lists = fc.record({ allow: fc.array(pattern, { maxLength: 3 }), deny: fc.array(pattern, { maxLength: 3 }) })
  fc.assert(
    fc.property(lists, fc.array(fc.tuple(id, fc.boolean()), { minLength: 20 }), (both, ids) => {
      const found = selectedBlocks(both, 'can0')
      const isSelected = compileSelection(both)
      for (const [wanted, extended] of ids) {
        const passes = found.some((block) => block.extended === extended && (wanted & block.mask) === block.id)
        const expected = isSelected({ bus: 'can0', id: wanted, extended, message: undefined })
        assert.equal(found.length === 0 ? expected : passes, expected)
      }
    }),
  )
})
