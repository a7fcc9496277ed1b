import assert from 'node:assert/strict'
import { getEventListeners } from 'node:events'
import { test } from 'node:test'
import { unlessAborted } from '../../../src/base/unless-aborted.js'

test('a promise is what it is until the signal is aborted', async () => {
  const abort = new AbortController()
  assert.equal(await unlessAborted(Promise.resolve(7), abort.signal), 7)
  await assert.rejects(unlessAborted(Promise.reject(new Error('own')), abort.signal), { message: 'own' })
  const cut = assert.rejects(unlessAborted(new Promise(() => undefined), abort.signal), { message: 'enough' })
  abort.abort(new Error('enough'))
  await cut
  await assert.rejects(unlessAborted(new Promise(() => undefined), abort.signal), { message: 'enough' })
})

test('a signal that outlives many promises does not remember them', async () => {
  const { signal } = new AbortController()
  const pending = unlessAborted(new Promise((resolve) => setImmediate(resolve)), signal)
  assert.equal(getEventListeners(signal, 'abort').length, 1)
  await pending
  await assert.rejects(unlessAborted(Promise.reject(new Error('own')), signal))
  assert.equal(getEventListeners(signal, 'abort').length, 0)
})
