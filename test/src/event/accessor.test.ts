import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compileAccessor, compileTemplate } from '../../../src/event/accessor.js'
import type { Value } from '../../../src/event/event.js'

const event = {
  tag: 'vehicle.can0.engine',
  record: {
    log: 'text',
    rpm: 900,
    big: 2n ** 60n,
    on: true,
    none: null,
    'odd key': 1,
    'a-b': 'dash',
    'a.b': 'dot',
    deep: { 'x y': { list: ['p', { q: 'r' }] } },
    bytes: Uint8Array.of(0x68, 0x69),
  },
}

const accessors: readonly (readonly [text: string, expected: Value | undefined])[] = [
  ['log', 'text'],
  ['$log', 'text'],
  ['a.b', 'dot'],
  ["$['a.b']", 'dot'],
  ['odd key', 1],
  ["$['odd key']", 1],
  ['$["odd key"]', 1],
  ['$a-b', 'dash'],
  ["$deep['x y']['list'][0]", 'p'],
  ["$deep['x y']['list'][1]['q']", 'r'],
  ["$deep['x y']['list'][2]", undefined],
  ["$deep['x y']['list']['0']", undefined],
  ["$log['x']", undefined],
  ['$missing', undefined],
  ['$none', null],
  ['$TAG', 'vehicle.can0.engine'],
  ['$TAG[1]', 'can0'],
  ['$TAG[3]', undefined],
  ['constructor', undefined],
  ['$toString', undefined],
]

test('an accessor reads one place of an event', () => {
  assert.ok(accessors.length > 0)
  for (const [text, expected] of accessors) {
    const read = compileAccessor(text)
    assert.ok(read, text)
    assert.deepEqual(read(event), expected, text)
  }
})

test('text that is no accessor is refused', () => {
  for (const text of ['', '$', '$a.b', '$a[', '$a[x]', "$TAG['x']", '$TAG[1][2]', '$1', '$a b']) {
    assert.equal(compileAccessor(text), undefined, text)
  }
})

const templates: readonly (readonly [text: string, expected: string])[] = [
  ['plain', 'plain'],
  ['', ''],
  ['$TAG', 'vehicle.can0.engine'],
  ['devices/$TAG[1]/$log/data', 'devices/can0/text/data'],
  ['new.$log.$rpm.$1', 'new.text.900.one'],
  ['$0-$1', 'whole-one'],
  ['$2', ''],
  ["$deep['x y']['list'][1]['q']!", 'r!'],
  ['$deep', ''],
  ['$missing.x', '.x'],
  ['$big $on $none $bytes', '1152921504606846976 true null hi'],
  ['$$log costs 1$', '$log costs 1$'],
  ['$log$rpm', 'text900'],
]

test('a template puts the fields of an event among text', () => {
  assert.ok(templates.length > 0)
  for (const [text, expected] of templates) assert.equal(compileTemplate(text)(event, ['whole', 'one']), expected, text)
})

test('a template puts what it is told where a field is missing', () => {
  assert.equal(compileTemplate('a/$missing/$deep/$log', '_')(event), 'a/_/_/text')
})
