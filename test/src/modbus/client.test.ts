import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ModbusClient, type Patience } from '../../../src/modbus/client.js'
import { framings } from '../../../src/modbus/framings.js'
import { type Answer, queryOf, type ReadRequest } from '../../../src/modbus/pdu.js'
import { FakeClock } from '../../support/fake-clock.js'
import { type Coming, ScriptedLine } from '../../support/scripted-line.js'

const request: ReadRequest = { unit: 3, table: 'holding', start: 10, count: 1 }
const patience: Patience = { timeoutMs: 100, retries: 0 }

/** The frame in which unit 3, or another, says that a register is `value`. */
function saying(value: number, unit = 3): Uint8Array {
  const query = queryOf({ ...request, unit }, 0)
  return framings.rtu.encode({ ...query, pdu: Uint8Array.of(3, 2, value >> 8, value & 0xff) })
}

interface Asking {
  readonly clock: FakeClock
  readonly line: ScriptedLine
  readonly counted: { [name: string]: number }
  /** Asks, and lets time pass until there is an answer. */
  readonly read: (request: ReadRequest, patience: Patience) => Promise<Answer>
}

function asking(answer: (index: number, request: Buffer) => Coming, pauseMs = 0): Asking {
  const clock = new FakeClock()
  const line = new ScriptedLine(clock, (heard, index) => answer(index, heard))
  const counted: { [name: string]: number } = {}
  const count = (name: string, amount: number): void => {
    counted[name] = (counted[name] ?? 0) + amount
  }
  const client = new ModbusClient({ line, framing: framings.rtu, clock, pauseMs, count })
  const read: Asking['read'] = async (...asked) => {
    const answers: Answer[] = []
    void client.read(...asked).then((each) => answers.push(each))
    for (let steps = 0; answers.length === 0 && steps < 1000; steps++) await clock.advance(1)
    const [answered] = answers
    assert.ok(answered, 'no answer within a second')
    return answered
  }
  return { clock, line, counted, read }
}

function valueOf(answer: Answer): number {
  assert.equal(answer.kind, 'data')
  return Buffer.from(answer.kind === 'data' ? answer.data : []).readUInt16BE(0)
}

describe('modbus client', () => {
  it('gives what a device says, however it comes in pieces', async () => {
    const frame = saying(0x1234)
    const { read } = asking(() => [...frame].map((byte, at) => [at * 5, Uint8Array.of(byte)] as const))
    assert.equal(valueOf(await read(request, patience)), 0x1234)
  })

  it('waits no longer than the time-out for a device that is silent, or babbles', async () => {
    const silent = asking(() => [])
    assert.deepEqual(await silent.read(request, patience), { kind: 'silent' })
    assert.equal(silent.clock.monotonic(), 100)
    const noise = Array.from({ length: 300 }, (_, at) => [at, Buffer.alloc(50, 0x03)] as const)
    const babbling = asking(() => noise)
    assert.deepEqual(await babbling.read(request, patience), { kind: 'garbled' })
    assert.equal(babbling.clock.monotonic(), 100)
    assert.ok((babbling.counted['foreign_bytes'] ?? 0) > 4000)
  })

  it('asks again as often as it is told', async () => {
    const { read, line, counted } = asking((index) => (index === 2 ? [[1, saying(7)]] : []))
    assert.equal(valueOf(await read(request, { timeoutMs: 100, retries: 2 })), 7)
    assert.deepEqual([line.requests.length, counted['retries']], [3, 2])
  })

  it('does not take the answer of another unit', async () => {
    const { read, counted } = asking(() => [
      [1, saying(1, 4)],
      [2, saying(2)],
    ])
    assert.equal(valueOf(await read(request, patience)), 2)
    assert.equal(counted['foreign_bytes'], 7)
  })

  it('does not take a late answer to an earlier request for that to a later one', async () => {
    // Each answer needs 150 ms, more than the time-out.
    const { read } = asking((_, heard) => [[150, saying(heard.readUInt16BE(2))]])
    assert.equal((await read({ ...request, start: 10 }, patience)).kind, 'silent')
    const retried = await read({ ...request, start: 10 }, patience)
    assert.equal(valueOf(retried), 10)
    for (const start of [20, 30]) {
      const answer = await read({ ...request, start }, { timeoutMs: 200, retries: 0 })
      assert.equal(valueOf(answer), start)
    }
  })

  it('throws away what came between two requests', async () => {
    const { read, clock, counted } = asking((index) => [
      [1, saying(index)],
      [50, saying(99)],
    ])
    assert.equal(valueOf(await read(request, patience)), 0)
    await clock.advance(100)
    assert.equal(valueOf(await read(request, patience)), 1)
    assert.equal(counted['foreign_bytes'], 7)
  })

  it('leaves the line in peace for a while between two requests', async () => {
    const { read, line } = asking(() => [[1, saying(1)]], 5)
    await read(request, patience)
    await read(request, patience)
    const [first, second] = line.requests.map(({ at }) => at)
    assert.equal((second ?? 0) - (first ?? 0), 6)
  })
})
