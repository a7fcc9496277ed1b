import assert from 'node:assert/strict'
import { chmodSync } from 'node:fs'
import { test, type TestContext } from 'node:test'
import { until } from '../../support/bus-reader.js'
import { ByteServer } from '../../support/byte-server.js'
import { fieldsOf, longestMs, startCan } from '../../support/can-run.js'
import { skipPty } from '../../support/pty-pair.js'
import { pluggedIn } from '../../support/serial-line.js'
import { SlcanAdapter } from '../../support/slcan-adapter.js'
import { answerAsSocketcand } from '../../support/socketcand.js'
import { Tree } from '../../support/tree.js'
import { within } from '../../support/within.js'

/* Interfaces of a real kernel: test/src/can-bus/socketcan.test.ts. */

test('each of several interfaces is read by a program of its own, told what to keep back', async (t) => {
  onPath(t, 'candump', 'echo "(1.5) ${3%%,*} 123#AA" && echo "(1.6) ${3%%,*} 321#${3##*#}" && exec sleep 60')
  const { context, run } = await startCan(t, {
    source: 'candump',
    interfaces: ['can0', 'can1'],
    allow: ['can0:0x123', 'can1:0x321'],
  })
  await until(() => fieldsOf(context, 'id').filter(([id]) => id !== undefined).length === 2, 'one frame of each')
  const frames = fieldsOf(context, 'bus', 'id', 'data').filter(([, id]) => id !== undefined)
  assert.deepEqual(new Set(frames.map(String)), new Set(['can0,291,aa', 'can1,801,1fffffff']))
  await within(longestMs, run.stop(), 'a stop at once, though the programs go on')
})

test('a socketcand that goes away and is back tells its states, and its frames go on', async (t) => {
  const server = await new ByteServer().listen()
  t.after(() => server.close())
  server.greet = (socket) => answerAsSocketcand(socket, `< frame 12${server.sockets.length} 1.5 AA >`)
  const { context, run } = await startCan(t, { source: 'socketcand', port: server.port, interfaces: ['can0'] })
  await until(() => context.records.length === 2, 'the first frame')
  server.sockets[0]?.destroy()
  await until(() => context.records.length === 5, 'the frame after it')
  assert.deepEqual(fieldsOf(context, 'bus', 'state', 'id'), [
    ['can0', 'active', undefined],
    ['can0', undefined, 0x121],
    ['can0', 'absent', undefined],
    ['can0', 'active', undefined],
    ['can0', undefined, 0x122],
  ])
  await within(longestMs, run.stop(), 'a stop at once, though the server goes on')
})

test('an adapter on a serial line is set up, read through noise, and closed', { skip: skipPty }, async (t) => {
  const pair = await pluggedIn(t)
  const frameWithAnswer = '\rt1232AABB\r'
  const adapter = new SlcanAdapter(t, pair.deviceEnd, (command) => (command === 'L' ? frameWithAnswer : '\r'))
  const { context, run } = await startCan(t, {
    source: 'slcan',
    adapters: [{ name: 'car', path: pair.agentEnd, bitrate: 250_000, listen_only: true }],
    states: false,
  })
  await within(longestMs, context.received(1), 'the frame that came in one piece with the answer')
  for (const letter of 't12\r\u0007T18FEF1002C0DE\r') adapter.say(letter)
  await within(longestMs, context.received(2), 'both frames')
  assert.deepEqual(fieldsOf(context, 'bus', 'id', 'data'), [
    ['car', 0x123, 'aabb'],
    ['car', 0x18fef100, 'c0de'],
  ])
  assert.deepEqual(adapter.commands.slice(-2), ['S5', 'L'])
  await within(longestMs, run.stop(), 'a stop at once')
  await until(() => adapter.commands.at(-1) === 'C', 'it is closed')
})

/** Puts a shell script in the place of a program, as long as the test runs. */
function onPath(t: TestContext, name: string, script: string): void {
  const tree = new Tree(t, { [name]: `#!/bin/sh\n${script}\n` })
  chmodSync(tree.path(name), 0o755)
  const before = process.env['PATH']
  process.env['PATH'] = `${tree.root}:${before}`
  t.after(() => void (process.env['PATH'] = before))
}
