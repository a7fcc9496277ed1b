import fc from 'fast-check'

/** JSON texts as odd as they may be: random white space, numbers and escapes in all their ways to be written. */

const spaces = fc.constantFrom('', '', '', '', ' ', '\t', '\r\n ')
const digits = fc.string({ unit: fc.constantFrom(...Array.from('0123456789')), minLength: 1, maxLength: 24 })
const integers = digits.map((text) => text.replace(/^0+(?=\d)/, ''))
const numbers = fc
  .tuple(
    fc.constantFrom('', '', '-'),
    fc.oneof(integers, fc.constantFrom('0', '9007199254740991', '9007199254740993', '18446744073709551616')),
    fc.oneof(
      fc.constant(''),
      fc.constant(''),
      digits.map((text) => `.${text}`),
    ),
    fc.constantFrom('', '', '', 'e3', 'E-7', 'e+400', 'e22', 'E-400'),
  )
  .map((parts) => parts.join(''))
const plainNumbers = fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true })).map(String)

const units = fc.oneof(
  { arbitrary: fc.string({ minLength: 1, maxLength: 1, unit: 'grapheme' }).map(escaped), weight: 4 },
  { arbitrary: fc.constantFrom(...Array.from('abcdefgh0123 {}[],:')), weight: 4 },
  fc.constantFrom(String.raw`\"`, String.raw`\\`, String.raw`\/`, String.raw`\b\f`, String.raw`\n`, String.raw`\r\t`),
  fc.constantFrom(
    ...[
      '\\ud83d\\ude00',
      '\\ud800',
      '\\udc00',
      '\\uD83D',
      '\\u0000',
      '\\u00E9',
      '\\u20ac',
      '\\u0031',
      '\\uffff',
      '😀',
      '€',
    ],
  ),
)
const inside = fc.oneof(
  { arbitrary: fc.string({ unit: units, maxLength: 12 }), weight: 6 },
  { arbitrary: fc.string({ unit: units, maxLength: 70 }), weight: 1 },
  { arbitrary: fc.nat(300).map((size) => 'x'.repeat(size)), weight: 1 },
)
const strings = inside.map((text) => `"${text}"`)

/** Few, so that they come twice; some are indexes or nearly so, some are the same but for their escapes. */
const names = fc.oneof(
  fc.constantFrom('"a"', '"b"', '"c"', '"long name"', '"\\u0061"', '"__proto__"', '"constructor"', '""', '"toString"'),
  fc.constantFrom(
    '"0"',
    '"1"',
    '"\\u0031"',
    '"10"',
    '"01"',
    '"-1"',
    '"1.5"',
    '"4294967294"',
    '"4294967295"',
    '"9007199254740991"',
  ),
  { arbitrary: fc.nat(200).map((number) => `"key${number}"`), weight: 3 },
  strings,
)

const tree = fc.letrec<{ value: string; list: string; object: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, depthSize: 'small', withCrossShrink: true },
    fc.constantFrom('true', 'false', 'null'),
    plainNumbers,
    numbers,
    strings,
    tie('list'),
    tie('object'),
  ),
  list: listOf(tie('value'), 5),
  object: objectOf(tie('value')),
}))

function listOf(values: fc.Arbitrary<string>, maxLength: number): fc.Arbitrary<string> {
  return fc
    .tuple(fc.array(fc.tuple(spaces, values, spaces), { maxLength }), spaces)
    .map(([each, space]) => `[${space}${each.map((parts) => parts.join('')).join(',')}]`)
}

function objectOf(values: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc
    .tuple(fc.array(fc.tuple(spaces, names, spaces, spaces, values, spaces), { maxLength: 7 }), spaces)
    .map(
      ([each, space]) =>
        `{${space}${each.map(([a, name, b, c, value, d]) => `${a}${name}${b}:${c}${value}${d}`).join(',')}}`,
    )
}

/** Any JSON text. */
export const jsonValues = tree.value

/** JSON objects. */
export const jsonObjects = tree.object

const seconds = fc.oneof(
  numbers,
  plainNumbers,
  fc.nat(2 ** 31).map(String),
  fc.constantFrom('4294967295.5', '4294967296'),
)
const times = fc.oneof(
  seconds,
  fc.tuple(seconds, jsonObjects).map(([time, metadata]) => `[${time},${metadata}]`),
)
const pairs = fc.tuple(times, spaces, jsonObjects, spaces).map(([time, a, record, b]) => `[${time},${a}${record}${b}]`)
const elements = fc.oneof({ arbitrary: jsonObjects, weight: 3 }, pairs, { arbitrary: jsonValues, weight: 1 })

/** JSON texts that have events in them, or nearly so. */
export const jsonTexts = fc.oneof(
  jsonObjects,
  pairs,
  listOf(fc.oneof(jsonObjects, pairs), 3),
  listOf(elements, 3),
  jsonValues,
)

const plainFields = [
  '"a":1',
  '"b":"two"',
  '"c":{"d":3,"e":[{"f":4,"g":5},{"f":6}]}',
  '"long name of a field":null',
  '"z":[]',
]
const oddFields = [
  '"a" :2',
  '"\\u0061":3',
  '"c":{"d":3,"h":6,"d":7}',
  '"7":8',
  '"":9',
  `"${'n'.repeat(80)}":10`,
  '"c":{}',
]
const likely = fc.oneof(
  fc.constant(plainFields),
  fc.subarray(plainFields),
  fc.shuffledSubarray(plainFields),
  fc.array(fc.constantFrom(...plainFields), { maxLength: 6 }),
  fc.shuffledSubarray([...plainFields, ...oddFields]),
)

/** Lists of objects that are alike in runs, as those of one sender are, until they are not. */
export const jsonRuns = fc
  .array(fc.tuple(likely, fc.constantFrom(1, 2, 20), fc.constantFrom(',', ',', ', ', ' ,', ',\n ')), {
    minLength: 1,
    maxLength: 12,
  })
  .map((runs) => runs.flatMap(([fields, repeats, comma]) => new Array<string>(repeats).fill(`{${fields.join(comma)}}`)))
  .map((objects) => `[${objects.join(',')}]`)

/** Bytes of JSON with something put in, taken out or changed. */
export function damaged(texts: fc.Arbitrary<string>): fc.Arbitrary<Uint8Array> {
  const bytes = fc.oneof(
    fc.constantFrom(...Array.from('"\\,:0e-+.[]{} \n\u0001ut', (char) => char.charCodeAt(0))),
    fc.constantFrom(0xff, 0xc3, 0xed, 0xa0, 0x80, 0xc0, 0xf0, 0x00),
  )
  return fc.tuple(texts, fc.nat(), fc.nat(2), fc.array(bytes, { maxLength: 2 })).map(([text, place, cut, put]) => {
    const intact = Buffer.from(text)
    const at = place % (intact.length + 1)
    return Buffer.concat([intact.subarray(0, at), Uint8Array.from(put), intact.subarray(at + cut)])
  })
}

/** What stands between the quotes of a JSON string. */
function escaped(text: string): string {
  return JSON.stringify(text).slice(1, -1)
}
