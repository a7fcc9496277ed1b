import assert from 'node:assert/strict'
import { test } from 'node:test'
import ndjson from '../../codecs/ndjson/index.js'
import { codecContract } from '../contract/codec.js'
import { codecOf, recordsOf, textOf } from '../support/codec.js'

codecContract('ndjson', {
  create: () => codecOf(ndjson),
  stream: '{"a":1}\r\n\n {"b":"ü"} \n[{"c":1},{"d":18446744073709551615}]\n[1700000000,{"e":1}]',
  records: [{ a: 1 }, { b: 'ü' }, { c: 1 }, { d: 18446744073709551615n }, { e: 1 }],
  garbage: ['{', '1', '{}{}', '{"a":1} x', '{"a":\n1}', Uint8Array.of(0x22, 0xff, 0x22)],
  oversize: `{"a":"${'x'.repeat(60)}"}\n`,
  written: [
    [{ a: 'line\nbreak', big: -(2n ** 63n) }],
    [
      { nan: Number.NaN, map: { l: [] } },
      { nan: null, map: { l: [] } },
    ],
  ],
  times: { time_key: 'date' },
  precision: 500,
})

test('a body of many lines is one frame as well', () => {
  assert.deepEqual(recordsOf(codecOf(ndjson), '{"a":1}\n\r\n{"b":2}\n'), [{ a: 1 }, { b: 2 }])
})

test('each event is an object on a line of its own', () => {
  assert.equal(textOf(codecOf(ndjson, { json_date_key: 'off' }), [{ a: 1 }, { b: '\n' }]), '{"a":1}\n{"b":"\\n"}\n')
})
