import assert from 'node:assert/strict'
import { EventEmitter } from 'node:events'
import { test } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Worker } from 'node:worker_threads'

import { endOfThread } from '../../../../src/engine/workers/worker-handle.js'

test('a thread that fails is gone when it has exited, since what it had sent may come between', async () => {
  const thread = new EventEmitter()
  let how: string | undefined
  void endOfThread(thread as Worker).then((told) => (how = told))
  thread.emit('error', new Error('out of luck'))
  await nextTurn()
  assert.equal(how, undefined)
  thread.emit('exit', 1)
  await nextTurn()
  assert.equal(how, 'out of luck')
})
