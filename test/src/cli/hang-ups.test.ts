import assert from 'node:assert/strict'
import { test } from 'node:test'

import { holdHangUps } from '../../../src/cli/hang-ups.js'

test('a SIGHUP that came before there was an agent is obeyed once there is one, and so are those that follow', (t) => {
  t.after(() => process.removeAllListeners('SIGHUP'))
  let obeyed = 0
  const onHangUp = holdHangUps()
  process.emit('SIGHUP')
  process.emit('SIGHUP')
  assert.equal(obeyed, 0)
  onHangUp(() => obeyed++)
  assert.equal(obeyed, 1)
  process.emit('SIGHUP')
  assert.equal(obeyed, 2)
})
