import assert from 'node:assert/strict'
import { describe, test, type TestContext } from 'node:test'
import { Slcan, type SlcanSettings } from '../../../src/can-bus/index.js'
import { emptyFrame } from '../../../src/can/frame.js'
import { BusReader, until } from '../../support/bus-reader.js'
import { PtyPair, skipPty } from '../../support/pty-pair.js'
import { serialSettings } from '../../support/serial-line.js'
import { SlcanAdapter } from '../../support/slcan-adapter.js'
import { Tree } from '../../support/tree.js'

const opening = ['', '', '', 'C', 'V', 'S6', 'O']

describe('an adapter that speaks slcan', { skip: skipPty }, () => {
  test('is set up and opened, and closed at the end', async (t) => {
    const { adapter, reader } = await openedAdapter(t)
    assert.deepEqual(adapter.commands, opening)
    const version = await reader.context.log.line('adapter')
    assert.equal(version.fields?.['version'], 'V1013')
    await reader.stop()
    await until(() => adapter.commands.at(-1) === 'C', 'it is closed')
  })

  test('that is late with its answers is opened all the same', async (t) => {
    // What it says to the first commands comes with its version.
    const answers: Record<string, string> = { '': '', C: '', V: '\r\r\r\u0007V1013\r' }
    const { adapter, reader } = await openedAdapter(t, {}, (command) => answers[command] ?? '\r')
    assert.deepEqual(adapter.commands, opening)
    assert.equal((await reader.context.log.line('adapter')).fields?.['version'], 'V1013')
  })

  test('gives its frames through noise, answers and cuts anywhere', async (t) => {
    const { adapter, reader } = await openedAdapter(t)
    const from = Date.now() * 1000 - 1000
    const noise = 'z\r\u0007T18FEF1002C0DE\rt12\r\u0000\u00ff@#!\rr7FF4\r'
    for (const letter of `t1232AABB\r${noise}d1239${'11'.repeat(12)}\rt0010\r`) adapter.say(letter)
    await until(() => reader.lines.at(-1) === 'car 001#', 'the last frame')
    assert.deepEqual(reader.lines, [
      'car 123#AABB',
      'car 18FEF100#C0DE',
      'car 7FF#R4',
      `car 123##0${'11'.repeat(12)}`,
      'car 001#',
    ])
    assert.ok(reader.stamps.every((stamp) => stamp >= from && stamp <= Date.now() * 1000 + 1000))
    assert.ok((reader.context.counts['bad_lines'] ?? 0) >= 1)
  })

  test('takes frames to send', async (t) => {
    const { adapter, reader } = await openedAdapter(t)
    const frame = { ...emptyFrame(), id: 0x123, length: 2, dlc: 2 }
    frame.data.set([0xca, 0xfe])
    await reader.bus.send(frame)
    await reader.bus.send({ ...frame, extended: true, remote: true })
    await until(() => adapter.commands.length === opening.length + 2, 'both')
    assert.deepEqual(adapter.commands.slice(-2), ['t1232CAFE', 'R000001232'])
    await assert.rejects(reader.bus.send({ ...frame, error: true }), { code: 'CAN_BUS_FRAME' })
  })

  test('that is unplugged is waited for, and set up anew', async (t) => {
    const { pair, reader } = await openedAdapter(t)
    await pair.pullOut()
    await until(() => reader.states.at(-1) === 'absent', 'it is gone')
    await assert.rejects(reader.bus.send(emptyFrame()), { code: 'CAN_BUS_ABSENT' })
    await pair.plugIn()
    const again = new SlcanAdapter(t, pair.deviceEnd)
    await until(() => reader.states.at(-1) === 'active', 'it is back')
    again.say('t0011FF\r')
    await until(() => reader.frames === 1, 'its frame')
    assert.deepEqual(again.commands.slice(-3), opening.slice(-3))
    assert.equal(reader.context.counts['lost_links'], 1)
  })

  test('that answers nothing is opened all the same; one that refuses says which command', async (t) => {
    const silent = await openedAdapter(t, { listenOnly: true, dataBitRate: 2_000_000 }, () => '')
    assert.deepEqual(silent.adapter.commands, ['', '', '', 'C', 'V', 'S6', 'Y2', 'L'])
    await assert.rejects(silent.reader.bus.send(emptyFrame()), { code: 'CAN_BUS_LISTENS' })

    const pair = await plugged(t)
    const refusing = new SlcanAdapter(t, pair.deviceEnd, (command) => (command === 'S6' ? '\u0007' : '\r'))
    const reader = slcanReader(t, pair)
    const { fields } = await reader.context.log.line('bus state')
    assert.match(String(fields?.['reason']), /the adapter refuses the command "S6"/)
    assert.ok(!refusing.commands.includes('O'), 'it is not opened')
    assert.deepEqual(reader.states, ['absent'])
  })

  test('that talks without end is opened all the same', async (t) => {
    const pair = await plugged(t)
    const adapter = new SlcanAdapter(t, pair.deviceEnd, () => '')
    const talking = setInterval(() => adapter.say('x'), 5)
    t.after(() => clearInterval(talking))
    const reader = slcanReader(t, pair)
    await until(() => reader.states.length === 1, 'the adapter is open')
    assert.deepEqual(adapter.commands, opening)
  })

  test('has some bit rates and no others', () => {
    const make = (rates: Partial<SlcanSettings>) => () =>
      new BusReader(
        (context) =>
          new Slcan({ serial: serialSettings({ path: '/dev/x' }), name: 'car', bitRate: 1e6, ...rates }, context),
      )
    assert.throws(make({ bitRate: 83_333 }), { code: 'CAN_BUS_BIT_RATE' })
    assert.throws(make({ dataBitRate: 3_000_000 }), { code: 'CAN_BUS_BIT_RATE' })
    assert.doesNotThrow(make({}))
  })
})

async function plugged(t: TestContext): Promise<PtyPair> {
  const pair = new PtyPair(new Tree(t).root)
  t.after(() => pair.pullOut())
  await pair.plugIn()
  return pair
}

function slcanReader(t: TestContext, pair: PtyPair, more: Partial<SlcanSettings> = {}): BusReader<Slcan> {
  const serial = serialSettings({ path: pair.agentEnd, reconnect_interval: '10ms' })
  const settings = { serial, name: 'car', bitRate: 500_000, ...more }
  const reader = new BusReader((context, onState) => new Slcan({ ...settings, onState }, context)).start()
  t.after(() => reader.stop())
  return reader
}

async function openedAdapter(t: TestContext, more: Partial<SlcanSettings> = {}, answer?: (command: string) => string) {
  const pair = await plugged(t)
  const adapter = new SlcanAdapter(t, pair.deviceEnd, answer)
  const reader = slcanReader(t, pair, more)
  await until(() => reader.states.length === 1, 'the adapter is open')
  return { pair, adapter, reader }
}
