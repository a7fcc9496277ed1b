import assert from 'node:assert/strict'
import { test } from 'node:test'
import stdout from '../../filters/stdout/index.js'
import { lineOf } from '../../filters/stdout/line.js'
import { eventOf, filterOf } from '../support/filter.js'

test('an event passes as it is, and is printed', (t) => {
  const written: unknown[] = []
  t.mock.method(process.stdout, 'write', (text: unknown) => {
    written.push(text)
    return true
  })
  const event = eventOf({ a: 1, list: ['x', null] })
  const out = filterOf(stdout).filter.apply(event)
  t.mock.restoreAll()
  assert.equal(out, event)
  assert.deepEqual(written, ['a.b: [1700000000.000000005, {"a":1,"list":["x",null]}]\n'])
})

test('nothing that steers a terminal is printed', () => {
  const line = lineOf(eventOf({ '\u001b[2J': '\u009b31m\u202e\n' }, 'tag\u001b[0m'))
  assert.equal(line, 'tag\\u001b[0m: [1700000000.000000005, {"\\u001b[2J":"\\u009b31m\\u202e\\n"}]\n')
})
