import assert from 'node:assert/strict'
import { test } from 'node:test'

import { ForgetfulFiles } from '../support/forgetful-files.js'
import { Machine } from '../support/machine.js'
import { RecordingOutput } from '../support/recording-output.js'

const restarts = 50

for (const mode of ['durable', 'spill'] as const) {
  test(`an agent that is stopped and started with a dead output leaves no more on disk each time (${mode})`, async () => {
    const files = new ForgetfulFiles()
    const dead = new RecordingOutput(() => Promise.reject(new Error('down')))
    const begin = async (output: RecordingOutput): Promise<Machine> => {
      const machine = new Machine({ files, lane: { mode }, outputs: [{ id: 'out', matches: () => true, output }] })
      assert.ok(await machine.start())
      return machine
    }
    const first = await begin(dead)
    for (let n = 0; n < 100; n++) first.put('a', n, 100)
    await first.clock.advance(3000)
    await first.stop()
    const sizes = sizesOf(files)
    for (let restart = 0; restart < restarts; restart++) {
      const machine = await begin(dead)
      await machine.clock.advance(3000)
      assert.equal(machine.ledger.input('in').pending, 100)
      await machine.stop()
      assert.equal(files.opened, 0)
      assert.equal(machine.clock.waiting, 0)
      assert.deepEqual(sizesOf(files), sizes, `after ${restart + 1} restarts`)
    }
    const output = new RecordingOutput()
    const last = await begin(output)
    await last.clock.advance(10_000)
    const numbers = output.records.map(({ n }) => Number(n))
    assert.deepEqual(
      numbers,
      Array.from({ length: 100 }, (_, n) => n),
    )
    const { accepted, delivered } = last.ledger.input('in')
    assert.deepEqual([accepted, delivered], [100, 100])
    await last.stop()
    assert.deepEqual([...sizesOf(files).keys()], ['/data/log/checkpoint.json'])
  })

  test(`events that come between stops are all there in the end (${mode})`, async () => {
    const files = new ForgetfulFiles()
    let isDown = true
    const output = new RecordingOutput(() => {
      if (isDown) throw new Error('down')
    })
    let n = 0
    for (let restart = 0; restart <= restarts; restart++) {
      isDown = restart < restarts
      const machine = new Machine({ files, lane: { mode }, outputs: [{ id: 'out', matches: () => true, output }] })
      assert.ok(await machine.start())
      for (let each = 0; each < 3; each++) machine.put('a', n++, 20)
      await machine.clock.advance(isDown ? 700 : 20_000)
      const { accepted, pending, dropped } = machine.ledger.input('in')
      assert.deepEqual([accepted, pending, dropped.total], [n, isDown ? n : 0, 0])
      await machine.stop()
    }
    assert.equal(new Set(output.records.map((record) => record['n'])).size, n)
    assert.equal(output.records.length, n)
  })
}

/** Bytes of every file but for the checkpoint, whose figures have more or fewer digits. */
function sizesOf(files: ForgetfulFiles): Map<string, number> {
  return new Map(files.paths.map((path) => [path, path.endsWith('.json') ? 0 : files.bytesOf(path).length]))
}
