import assert from 'node:assert/strict'
import { test } from 'node:test'

import { ServiceManager } from '../../../../src/cli/systemd/service-manager.js'
import { supervised } from '../../../../src/cli/systemd/supervised.js'
import { FakeClock, settle } from '../../../support/fake-clock.js'

function managed(send?: (message: string) => Promise<void>) {
  const clock = new FakeClock()
  const sent: string[] = []
  const warnings: string[] = []
  const manager = new ServiceManager({
    send: send ?? ((message) => Promise.resolve(void sent.push(message))),
    clock,
    log: { warn: (message, fields) => void warnings.push(`${message}: ${String(fields?.['reason'])}`) },
    monotonicMicroseconds: () => 1234n,
  })
  return { manager, clock, sent, warnings }
}

test('each turn is a message in the words of sd_notify, in order, and a status is one line', async () => {
  const { manager, sent } = managed()
  manager.running('runs\n with\ttwo lines')
  manager.reloading()
  manager.running('runs')
  manager.stopping()
  await manager.close()
  assert.deepEqual(sent, [
    'READY=1\nSTATUS=runs with two lines\n',
    'RELOADING=1\nMONOTONIC_USEC=1234\nSTATUS=reads its configuration again\n',
    'READY=1\nSTATUS=runs\n',
    'STOPPING=1\nSTATUS=delivers what is left, and ends\n',
  ])
})

test('the watchdog hears at each interval until the end, and never of two beats while one cannot be sent', async () => {
  const { manager, clock, sent } = managed()
  void manager.beat(500)
  await clock.advance(1600)
  assert.equal(sent.length, 4)
  await manager.close()
  await clock.advance(5000)
  assert.equal(sent.length, 4)
  let tries = 0
  const stuck = managed(() => (tries++, new Promise(() => undefined)))
  void stuck.manager.beat(500)
  await stuck.clock.advance(5000)
  assert.equal(tries, 1)
})

test('what cannot be sent is one warning, and nothing else', async () => {
  const { manager, warnings } = managed(() => Promise.reject(new Error('nobody there')))
  manager.running('runs')
  manager.stopping()
  await manager.close()
  assert.deepEqual(warnings, ['cannot tell systemd how it fares: nobody there'])
})

test('nobody is told where systemd does not ask, and programs that the agent runs do not inherit the question', async () => {
  const log = { warn: (message: string) => assert.fail(message) }
  assert.equal(await supervised({}, new FakeClock(), log), undefined)
  assert.equal(await supervised({ NOTIFY_SOCKET: '' }, new FakeClock(), log), undefined)
  const env = { NOTIFY_SOCKET: '/run/none', WATCHDOG_USEC: '1000000', WATCHDOG_PID: String(process.pid), HOME: '/' }
  const manager = await supervised(env, new FakeClock(), { warn: () => undefined })
  assert.ok(manager)
  assert.deepEqual(env, { HOME: '/' })
  await manager.close()
})

test('a watchdog of another process is not ours', async () => {
  const clock = new FakeClock()
  const env = { NOTIFY_SOCKET: '/run/none', WATCHDOG_USEC: '1000000', WATCHDOG_PID: '1' }
  const manager = await supervised(env, clock, { warn: (message) => assert.fail(message) })
  await settle()
  assert.equal(clock.waiting, 0)
  await manager?.close()
})
