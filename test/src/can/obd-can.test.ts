import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { systemClock } from '../../../src/base/clock.js'
import { ObdCan } from '../../../src/can/obd/can-client.js'
import { bytesOf, frameOf, hexOf } from '../../support/can-frames.js'
import { addEcu, engine, MemoryBus } from '../../support/ecu.js'
import { FakeClock, settle } from '../../support/fake-clock.js'

interface Tester {
  readonly client: ObdCan
  readonly bus: MemoryBus
  readonly clock: FakeClock
  readonly faults: string[]
  /** What the ECUs say within a time. */
  ask(request: string, expected?: number, withinMs?: number): Promise<string[]>
}

function testerOn(bus: MemoryBus, clock: FakeClock, extended = false): Tester {
  const faults: string[] = []
  const seat = bus.join((frame) => client.take(frame))
  const client = new ObdCan({ clock, extended, answerMs: 100, send: seat.send, onFault: (fault) => faults.push(fault) })
  return {
    client,
    bus,
    clock,
    faults,
    async ask(request, expected, withinMs = 100) {
      const asking = client.request(bytesOf(request), expected)
      await clock.advance(withinMs)
      return (await asking).map(({ ecu, payload }) => `${ecu} ${hexOf(payload)}`)
    },
  }
}

function car(extended = false): Tester {
  const bus = new MemoryBus()
  const clock = new FakeClock()
  addEcu({ bus, clock, answers: engine, number: 0, extended })
  addEcu({ bus, clock, answers: { '0100': '410080000000', '010D': '410D33' }, number: 1, extended })
  return testerOn(bus, clock, extended)
}

describe('OBD over CAN', () => {
  it('keeps out of the conversations of another tester', async () => {
    const { client, bus, ask, faults } = car()
    client.take(frameOf('7E8#1014490201573030'))
    await settle()
    assert.deepEqual(bus.sent, [], 'no flow control')
    assert.deepEqual(await ask('010D', 2), ['7E8 410D32', '7E9 410D33'])
    assert.deepEqual(faults, [])
  })

  it('is held up by nobody who begins messages over and over', async () => {
    const { client, clock } = car()
    const begins = (): void => {
      client.take(frameOf('7EF#1FFF490201573030'))
      clock.after(90, begins)
    }
    clock.after(90, begins)
    const known = client.request(bytesOf('010D'), 2)
    await settle()
    assert.equal((await known).length, 2, 'all have answered')
    const from = clock.monotonic()
    let took = 0
    const asking = client.request(bytesOf('010D')).then((answers) => {
      took = clock.monotonic() - from
      return answers
    })
    for (let step = 0; step < 40; step++) await clock.advance(90)
    assert.equal((await asking).length, 2)
    assert.ok(took <= 100 + 1000, `${took} ms: the time to answer, and that for the next frame`)
  })

  it('takes an answer that came in time while this process was busy', async () => {
    const send = async (): Promise<void> => undefined
    const client = new ObdCan({ clock: systemClock, extended: false, answerMs: 20, send, onFault: assert.fail })
    // From here on the loop looks at its timers before anything that has come.
    await new Promise((resolve) => setImmediate(resolve))
    setImmediate(() => client.take(frameOf('7E8#04410C1AF8')))
    const asking = client.request(bytesOf('010C'))
    for (const end = performance.now() + 40; performance.now() < end;);
    assert.deepEqual(
      (await asking).map(({ payload }) => hexOf(payload)),
      ['410C1AF8'],
    )
  })

  it('gathers what all ECUs answer in time', async () => {
    assert.deepEqual(await car().ask('010D'), ['7E8 410D32', '7E9 410D33'])
  })

  it('asks with a full frame, and waits no longer than for all that are expected', async () => {
    const { ask, bus } = car()
    assert.deepEqual(await ask('010D', 2, 0), ['7E8 410D32', '7E9 410D33'])
    assert.equal(bus.sent[0], '7DF#02010DCCCCCCCCCC')
  })

  it('takes answers of many frames', async () => {
    const { ask, bus } = car()
    assert.deepEqual(await ask('0902'), [`7E8 490201${hexOf(Buffer.from('W0000000000000000'))}`])
    assert.ok(bus.sent.includes('7E0#300000CCCCCCCCCC'))
  })

  it('speaks with identifiers of 29 bits', async () => {
    const { ask, bus } = car(true)
    assert.deepEqual(await ask('010D'), ['18DAF110 410D32', '18DAF111 410D33'])
    assert.equal(bus.sent[0], '18DB33F1#02010DCCCCCCCCCC')
    assert.equal((await ask('0902')).length, 1)
    assert.ok(bus.sent.includes('18DA10F1#300000CCCCCCCCCC'))
  })

  it('waits longer for an ECU that asks for it', async () => {
    const { client, clock } = testerOn(new MemoryBus(), new FakeClock())
    const asking = client.request(bytesOf('03'))
    await clock.advance(50)
    client.take(frameOf('7E8#037F0378'))
    await clock.advance(4000)
    client.take(frameOf('7E8#0443010143'))
    assert.deepEqual(await asking, [{ ecu: '7E8', payload: bytesOf('43010143') }])
  })

  it('does not wait for it for ever', async () => {
    const { ask, clock } = car()
    const silent = testerOn(new MemoryBus(), clock)
    const asking = silent.client.request(bytesOf('03'))
    silent.client.take(frameOf('7E8#037F0378'))
    await clock.advance(5000)
    assert.deepEqual(await asking, [])
    const nagged = silent.client.request(bytesOf('03'))
    for (let n = 0; n < 31; n++) {
      silent.client.take(frameOf('7E8#037F0378'))
      await clock.advance(1000)
    }
    assert.deepEqual(await nagged, [])
    assert.equal((await ask('010D')).length, 2)
  })

  it('waits for the end of an answer that has begun', async () => {
    const { client, clock, faults } = testerOn(new MemoryBus(), new FakeClock())
    const asking = client.request(bytesOf('0902'))
    await clock.advance(50)
    client.take(frameOf('7E8#1014490201303030'))
    await clock.advance(500)
    client.take(frameOf('7E8#2130303030303030'))
    client.take(frameOf('7E8#2230303030303030'))
    assert.equal((await asking)[0]?.payload.length, 20)
    const broken = client.request(bytesOf('0902'))
    client.take(frameOf('7E8#1014490201303030'))
    await clock.advance(1000)
    assert.deepEqual([await broken, faults], [[], ['timeout']])
  })

  it('does not take what others say for an answer', async () => {
    const { client, clock } = testerOn(new MemoryBus(), new FakeClock())
    const asking = client.request(bytesOf('010C'))
    for (const text of ['7E8#03410D32', '7E7#04410C1AF8', '7F0#04410C1AF8', '000007E8#04410C1AF8'])
      client.take(frameOf(text))
    await clock.advance(100)
    assert.deepEqual(await asking, [])
  })

  it('fails where the bus does, and leaves no timer', async () => {
    const { client, bus, clock } = car()
    bus.isOff = true
    await assert.rejects(client.request(bytesOf('010C')), /the bus is off/)
    bus.isOff = false
    const asking = client.request(bytesOf('010C'))
    await settle()
    client.close()
    await asking
    assert.equal(clock.waiting, 0)
  })

  it('survives any frames of ECUs, and ends', async () => {
    const frame = fc
      .tuple(
        fc.constantFrom('7E8', '7E9'),
        fc.constantFrom(2, 3, 0x10, 0x21, 0x22, 0x30),
        fc.uint8Array({ maxLength: 7 }),
      )
      .map(([id, first, rest]) => `${id}#${hexOf(Uint8Array.of(first, ...rest))}`)
    await fc.assert(
      fc.asyncProperty(fc.array(frame, { maxLength: 60 }), async (frames) => {
        const { client, clock } = testerOn(new MemoryBus(), new FakeClock())
        const asking = client.request(bytesOf('010C'))
        for (const text of frames) client.take(frameOf(text))
        await clock.advance(31_000)
        await asking
        assert.equal(clock.waiting, 0)
      }),
      { numRuns: 30 },
    )
  })
})
