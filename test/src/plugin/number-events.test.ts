import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AgentError, numberEvents, ParseError, type Parsed } from '../../../src/plugin/index.js'

test('an error on the way to an event says which it is', () => {
  const cause = new AgentError('CODEC_ODD', 'odd: expected a number, got "x"')
  const events = numberEvents(thenThrow(cause))
  assert.deepEqual(events.next().value, { record: { n: 0 } })
  assert.deepEqual(events.next().value, { record: { n: 1 } })
  assert.throws(
    () => events.next(),
    (error: unknown) => {
      assert.ok(error instanceof ParseError)
      assert.equal(error.index, 2)
      assert.equal(error.code, 'CODEC_ODD')
      assert.equal(error.message, 'event 2: odd: expected a number, got "x"')
      assert.equal(error.cause, cause)
      return true
    },
  )
})

test('an error that is a fault of the program stays as it is', () => {
  const fault = new TypeError('a fault')
  assert.throws(() => [...numberEvents(thenThrow(fault))], fault)
})

function* thenThrow(error: Error): Generator<Parsed> {
  yield { record: { n: 0 } }
  yield { record: { n: 1 } }
  throw error
}
