import fc from 'fast-check'

import type { EventRecord, Value } from '../../src/event/event.js'

/** Text with every plane in it, and no half of a surrogate pair. */
export const texts = fc.string({
  unit: fc.oneof(
    fc.constantFrom('a', '"', '\\', '\n', '\u0001'),
    fc.string({ minLength: 1, maxLength: 1, unit: 'binary' }),
  ),
})

const integers = fc.oneof(
  fc.integer(),
  fc.maxSafeInteger(),
  fc.nat(300),
  fc.constantFrom(-33, -32, 127, 128, 2 ** 31, 2 ** 32),
)
const longIntegers = fc
  .bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n })
  .filter((value) => value < Number.MIN_SAFE_INTEGER || value > Number.MAX_SAFE_INTEGER)

const bytes = fc.uint8Array({ maxLength: 300 })

/** Numbers that are what they are in every format: no -0, which is 0. */
const numbers = fc.double({ noNaN: true }).map((value) => value + 0)

/** The reference refuses `__proto__`, which has tests of its own. */
const keys = texts.filter((text) => text !== '__proto__')

/** Values that come back from msgpack as they went. */
export const values: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(null, true, false),
    integers,
    numbers,
    texts,
    longIntegers,
    bytes,
    fc.array(tie('value'), { maxLength: 20 }),
    fc.dictionary(keys, tie('value'), { maxKeys: 20, noNullPrototype: true }),
  ),
})).value

export const records: fc.Arbitrary<EventRecord> = fc.dictionary(keys, values, { maxKeys: 40, noNullPrototype: true })

/** A moment that an EventTime can say. */
export const times = fc.record(
  { seconds: fc.nat(2 ** 32 - 1), nanoseconds: fc.nat(999_999_999) },
  { noNullPrototype: true },
)
