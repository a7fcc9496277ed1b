import assert from 'node:assert/strict'
import { test } from 'node:test'

import { failing, ForgetfulFiles } from '../../support/forgetful-files.js'
import { Machine } from '../../support/machine.js'

test('a checkpoint that cannot be written for a while is told of once, and again the next time', async () => {
  const files = new ForgetfulFiles()
  const output = { flush: () => Promise.reject(new Error('down')) }
  const machine = new Machine({ files, outputs: [{ id: 'out', matches: () => true, output }] })
  assert.ok(await machine.start())
  machine.put('a', 1, 0)
  await machine.clock.advance(2000)
  for (const times of [1, 2]) {
    files.fault = failing('ENOSPC', 'create')
    for (let second = 0; second < 5; second++) await nextSecond(machine)
    assert.equal(machine.lines('error').filter((line) => line.startsWith('checkpoint not written')).length, times)
    files.fault = () => undefined
    await nextSecond(machine)
  }
  await machine.stop()
})

/** With something that has changed since, or nothing is written. */
async function nextSecond(machine: Machine): Promise<void> {
  machine.put('a', 2, 0)
  await machine.clock.advance(1000)
}
