import assert from 'node:assert/strict'
import { chmodSync } from 'node:fs'
import { test, type TestContext } from 'node:test'
import { Candump, type CandumpSettings, CanInterface } from '../../../src/can-bus/index.js'
import { loadLibc } from '../../../src/libc/index.js'
import { BusReader, until } from '../../support/bus-reader.js'
import { Tree } from '../../support/tree.js'

/* Real interfaces and the real program: socketcan.test.ts. Here a shell script stands in its place, for what that does not do at will. */

test('lost frames that candump tells of are counted', async (t) => {
  const { reader } = candump(
    t,
    `echo "(1436509052.249713) can0 123#1122"
     echo "DROPCOUNT: dropped 7 CAN frames on 'can0' socket (total drops 7)"
     echo "(1436509052.249714) can0 124#" && exec sleep 60`,
  )
  await until(() => reader.frames === 2, 'both frames')
  assert.deepEqual(reader.lines, ['can0 123#1122', 'can0 124#'])
  assert.deepEqual(reader.stamps, [1_436_509_052_249_713, 1_436_509_052_249_714])
  assert.equal(reader.context.counts['lost_frames'], 7)
})

test('the words of the command line say the interface, filters and error frames', async (t) => {
  const filters = [
    { id: 0x123, mask: 0x7ff, extended: false, inverted: true },
    { id: 0xf100, mask: 0xffff00, extended: true },
  ]
  const { reader } = candump(t, `echo "(1.0) $# $1 $2 $3" >&2; exit 1`, { filters })
  const { fields } = await reader.context.log.line('bus state')
  assert.deepEqual(fields, { bus: 'can0', state: 'active' })
  await until(() => reader.states.length === 2, 'it ended')
  const { fields: ended } = reader.context.log.lines[1] ?? {}
  assert.match(
    String(ended?.['reason']),
    /ended with 1: \(1\.0\) 3 -L -d can0,123~800007ff,0000f100:80ffff00,#1fffffff$/,
  )
})

test('a program that is missing is named, with what to install', async (t) => {
  const { reader } = candump(t, '', { command: '/nowhere/candump' })
  const { fields } = await reader.context.log.line('bus state')
  assert.match(
    String(fields?.['reason']),
    /can-utils, got "spawn \/nowhere\/candump ENOENT"; run "apt-get install can-utils"/,
  )
  assert.deepEqual(reader.states, ['absent'])
})

test('an interface is read by candump only where koffi is missing', async (t) => {
  const tree = new Tree(t, { candump: '#!/bin/sh\necho "(1.0) can9 123#AA" && exec sleep 60\n' })
  chmodSync(tree.path('candump'), 0o755)
  const settings = { interface: 'can9', command: tree.path('candump') }
  const missing = () => loadLibc(() => Promise.reject(new Error('no koffi')))
  const [without, withIt] = [missing, loadLibc].map((load) => {
    const reader = new BusReader((context, onState) => new CanInterface({ ...settings, onState }, context, load))
    t.after(() => reader.stop())
    return reader.start()
  })
  await until(() => without?.frames === 1, 'a frame by candump')
  assert.match(String(without?.context.log.lines[0]?.fields?.['reason']), /no koffi.*npm install koffi/)
  await until(() => withIt?.states[0] === 'absent', 'the kernel has no such interface')
  assert.deepEqual(withIt?.lines, [])
})

function candump(t: TestContext, script: string, more: Partial<CandumpSettings> = {}) {
  const tree = new Tree(t, { candump: `#!/bin/sh\n${script}\n` })
  chmodSync(tree.path('candump'), 0o755)
  const settings = { interface: 'can0', command: tree.path('candump'), ...more }
  const reader = new BusReader((context, onState) => new Candump({ ...settings, onState }, context)).start()
  t.after(() => reader.stop())
  return { reader }
}
