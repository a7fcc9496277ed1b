import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { failing, ForgetfulFiles } from '../../support/forgetful-files.js'
import { Machine, type MachineOutput, type MachineParts } from '../../support/machine.js'
import { RecordingOutput } from '../../support/recording-output.js'
import { flipped } from '../../support/damage.js'

const dead = () => new RecordingOutput(() => Promise.reject(new Error('down')))
const hung = () => new RecordingOutput(() => new Promise(() => undefined))

type World = Omit<MachineParts, 'files' | 'outputs'> & { files?: ForgetfulFiles; output: MachineOutput['output'] }

async function started({ output, files = new ForgetfulFiles(), ...parts }: World): Promise<Machine> {
  const machine = new Machine({ files, outputs: [{ id: 'out', matches: () => true, output }], ...parts })
  assert.ok(await machine.start())
  return machine
}

describe('a lane on disk', () => {
  it('refuses an event whose tag is longer than a frame can tell, and goes on with all others', async () => {
    const machine = await started({ output: dead() })
    const answers: string[] = []
    machine.put('x'.repeat(70_000), 1, 0, (error) => answers.push(error?.message.slice(-12) ?? 'stored'))
    machine.put('x'.repeat(65_535), 2, 0, (error) => answers.push(error?.message ?? 'stored'))
    await machine.clock.advance(100)
    assert.deepEqual(answers, ['tag_too_long', 'stored'])
    assert.deepEqual(machine.input.ledger.dropped.toJSON(), { tag_too_long: 1 })
    await machine.stop()
  })

  it('stores an event for a sender that waits within one sync interval', async () => {
    const machine = await started({ output: dead() })
    let isStored = false
    machine.put('a', 1, 0, () => (isStored = true))
    await machine.clock.advance(9)
    assert.ok(!isStored)
    await machine.clock.advance(1)
    assert.ok(isStored)
    await machine.stop()
  })

  it('drops the oldest for a sender that waits for each event to be stored, though memory has room', async () => {
    const lane = { full: 'drop_oldest', disk_limit: 8192 } as const
    const machine = await started({ output: dead(), lane, input: { full: 'drop_oldest' } })
    let stored = 0
    for (let n = 0; n < 100; n++) {
      machine.put('a', n, 200, (error) => (stored += error ? 0 : 1))
      await machine.clock.advance(3000)
      assert.equal(stored, n + 1, `event ${n} is stored`)
    }
    assert.ok((machine.ledger.output('out').dropped.toJSON()['disk_full'] ?? 0) > 0)
    await machine.stop()
  })

  it('stops though its disk is used up and the oldest segment cannot be read', async () => {
    const lane = { full: 'drop_oldest', disk_limit: 8192 } as const
    const machine = await started({ output: dead(), lane, input: { full: 'drop_oldest' } })
    for (let n = 0; n < 30; n++) {
      machine.put('a', n, 200, () => undefined)
      await machine.clock.advance(300)
    }
    machine.files.fault = failing('EIO', 'read')
    for (let n = 30; n < 80; n++) {
      machine.put('a', n, 200, () => undefined)
      await machine.clock.advance(100)
    }
    assert.match(machine.lines('error').join(), /not dropped: EIO/)
    await machine.stop()
    assert.deepEqual([machine.files.opened, machine.clock.waiting], [0, 0])
  })

  it('keeps on disk what a flush still has in hand, though it was too old for others', async () => {
    const files = new ForgetfulFiles()
    const outputs: MachineOutput[] = [
      { id: 'hung', matches: () => true, output: hung() },
      { id: 'dead', matches: () => true, output: dead() },
    ]
    const lane = { mode: 'spill', max_age: 1000, spill_after: 60_000 } as const
    const machine = new Machine({ files, outputs, lane, flush: { maxBatchBytes: 1, timeoutMs: 1e9 } })
    assert.ok(await machine.start())
    for (const n of [1, 2, 3]) {
      machine.put('a', n, 0)
      machine.lane.seal()
      await machine.clock.advance(10)
    }
    await machine.clock.advance(35_000)
    assert.equal(machine.ledger.output('dead').dropped.toJSON()['expired'], 2)
    await machine.stop()
    const output = new RecordingOutput()
    const again = new Machine({ files, outputs: [{ id: 'hung', matches: () => true, output }] })
    assert.ok(await again.start())
    await again.clock.advance(100)
    assert.deepEqual(
      output.records.map(({ n }) => n),
      [1],
    )
    await again.stop()
  })

  it('tells a sender that waits for delivery when its event turns out to be damaged', async () => {
    let isDown = true
    const output = new RecordingOutput(() => {
      if (isDown) throw new Error('down')
    })
    const machine = await started({ output, input: { ack: 'delivered' }, lane: { memory: 64 * 1024 } })
    const answers = new Map<number, string>()
    for (let n = 0; n < 400; n++) {
      machine.put('a', n, 100, (error) => answers.set(n, error?.message ?? 'delivered'))
      if (n % 10 === 0) await machine.clock.advance(300)
    }
    const second = machine.files.paths.filter((path) => path.endsWith('.seg'))[1] ?? ''
    machine.files.place(second, flipped(machine.files.bytesOf(second), 500))
    isDown = false
    await machine.clock.advance(100_000)
    const { dropped, pending } = machine.ledger.input('in').toJSON()
    assert.equal(pending, 0)
    const lost = dropped['corrupt'] ?? 0
    assert.ok(lost > 0)
    assert.equal(answers.size, 400, 'each sender was told')
    assert.equal([...answers.values()].filter((answer) => answer.includes('corrupt')).length, lost)
    await machine.stop()
  })

  it('delivers what is left of a file that became shorter while the agent ran, and goes on with what follows', async () => {
    const files = new ForgetfulFiles()
    const before = await started({ files, output: dead() })
    for (let n = 0; n < 100; n++) {
      before.put('a', n, 100)
      if (n % 10 === 0) await before.clock.advance(300)
    }
    await before.stop()
    const output = new RecordingOutput()
    const machine = await started({ files, output, flush: { maxBatchBytes: 1 } })
    const [first = ''] = files.paths.filter((path) => path.endsWith('.seg'))
    await (await files.open(first)).truncate(Math.ceil(files.bytesOf(first).length / 2))
    await machine.clock.advance(100_000)
    const { delivered, dropped, pending } = machine.ledger.output('out').toJSON()
    const lost = dropped['corrupt'] ?? 0
    assert.ok(lost > 0)
    assert.deepEqual([pending, delivered], [0, 100 - lost])
    assert.deepEqual([output.records[0]?.['n'], output.records.at(-1)?.['n']], [0, 99])
    await machine.stop()
  })

  it('lets events wait for others to share a batch, after a restart with a backlog as before', async () => {
    const files = new ForgetfulFiles()
    const before = await started({ files, output: dead() })
    for (let n = 0; n < 50; n++) {
      before.put('a', n, 50)
      await before.clock.advance(300)
    }
    await before.stop()
    const output = new RecordingOutput()
    const machine = await started({ files, output, flush: { maxBatchAgeMs: 10_000, maxBatchBytes: 4096 } })
    await machine.clock.advance(60_000)
    assert.equal(output.records.length, 50)
    machine.put('a', 50, 0)
    await machine.clock.advance(500)
    const flushes = output.flushes
    machine.put('a', 51, 0)
    await machine.clock.advance(5000)
    assert.equal(output.flushes, flushes)
    await machine.clock.advance(10_000)
    assert.equal(output.records.length, 52)
    await machine.stop()
  })

  it('leaves memory for what comes, however many outputs are stuck in what is on disk', async () => {
    const files = new ForgetfulFiles()
    const lane = { memory: 1024 * 1024, segment_size: 4 * 1024 * 1024, disk_limit: 64 * 1024 * 1024 }
    const hungs = ['one', 'two', 'three']
    const outputsOf = (output: () => RecordingOutput): MachineOutput[] =>
      [...hungs, 'live'].map((id) => ({ id, matches: () => true, output: hungs.includes(id) ? hung() : output() }))
    const before = new Machine({ files, lane, outputs: outputsOf(dead) })
    assert.ok(await before.start())
    for (let n = 0; n < 3000; n++) {
      before.put('a', n, 1000)
      if (n % 100 === 0) await before.clock.advance(300)
    }
    await before.stop()
    const live = new RecordingOutput()
    const machine = new Machine({ files, lane, outputs: outputsOf(() => live), flush: { timeoutMs: 1e9 } })
    assert.ok(await machine.start())
    for (let n = 3000; n < 3500; n++) {
      assert.ok(machine.input.hasRoom, `there is room for event ${n}`)
      machine.put('a', n, 1000)
      await machine.clock.advance(100)
    }
    await machine.clock.advance(1000)
    assert.equal(live.records.length, 3500)
    assert.ok(machine.lane.budget.used <= machine.lane.budget.limit / 2, `${machine.lane.budget.used} bytes are used`)
    await machine.stop()
  })

  it('says nothing of a new output that was denied what came before it', async () => {
    const files = new ForgetfulFiles()
    const before = await started({ files, output: dead() })
    await before.clock.advance(1500)
    before.put('a', 1, 0)
    await before.clock.advance(300)
    const left = files.killed()
    const outputs = ['out', 'new'].map((id) => ({ id, matches: () => true, output: new RecordingOutput() }))
    const machine = new Machine({ files: left, outputs })
    assert.ok(await machine.start())
    await machine.clock.advance(1000)
    const { out, new: fresh } = machine.ledger.toJSON().outputs
    assert.deepEqual([out?.routed, out?.delivered], [1, 1])
    assert.deepEqual([fresh?.routed, fresh?.dropped], [0, {}])
    await machine.stop()
    await before.stop()
  })
})
