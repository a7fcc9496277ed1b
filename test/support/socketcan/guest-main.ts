/* What runs in the guest: drives real interfaces and prints what the agent's reader saw, a line of JSON for each check. */
import { emptyFrame } from '../../../src/can/frame.js'
import {
  Candump,
  type CandumpSettings,
  SocketCan,
  type SocketCanSettings,
  type CanSource,
} from '../../../src/can-bus/index.js'
import { BusReader, until } from '../bus-reader.js'
import { candump, linesOf, receivers, run, sameLine, sendAll, stampText, textOf } from './guest-shell.js'

const burst = 2000
const overflowing = 3000

const checks: { readonly [name: string]: () => Promise<unknown> } = {
  async absent() {
    const reader = socketCan({ interface: 'vcan0' }).start()
    await until(() => reader.states.length === 1, 'it is absent')
    const refused = await reader.bus.send(emptyFrame()).catch((error: unknown) => String(error))
    run('ip', 'link', 'add', 'dev', 'vcan0', 'type', 'vcan')
    await until(() => reader.states.length === 2, 'it is there')
    run('ip', 'link', 'set', 'vcan0', 'up')
    await until(() => reader.states.length === 3, 'it is up')
    await arrives(reader, '001#01')
    await reader.stop()
    return { states: reader.states, lines: reader.lines, refused }
  },

  async frames() {
    const reader = socketCan({ interface: 'vcan0', own: true }).start()
    await until(() => reader.states.length === 1, 'it is open')
    const from = Date.now() * 1000
    const texts = [
      '7FF#',
      '123#1122334455667788',
      '123#R',
      '18FEF100#0102',
      '18FEF100#R',
      '213##3',
      `1F334455##1${'A5'.repeat(64)}`,
    ]
    sendAll(texts)
    await until(() => reader.frames === texts.length, 'all of them')
    const end = Date.now() * 1000 + 1000
    const inTime = reader.stamps.every((stamp, index) => stamp >= (reader.stamps[index - 1] ?? from) && stamp <= end)
    await reader.stop()
    return { lines: reader.lines, inTime, sent: reader.sent }
  },

  async sending() {
    const reader = socketCan({ interface: 'vcan0', own: true })
    const deaf = socketCan({ interface: 'vcan0' }).start()
    await until(() => deaf.states.length === 1, 'it is open')
    const { child, listens } = candump('-n', '3')
    const printed = linesOf(child)
    await listens
    const frame = { ...emptyFrame(), id: 0x18feca00, extended: true, length: 2, dlc: 2 }
    frame.data.set([0xca, 0xfe])
    reader.start()
    await reader.bus.send(frame)
    await reader.bus.send({ ...frame, id: 0x123, extended: false, length: 8, dlc: 11 })
    await reader.bus.send({ ...frame, fd: true, bitRateSwitch: true, length: 12, dlc: 9 })
    await deaf.bus.send({ ...frame, id: 0x7ff, extended: false })
    await until(() => reader.frames === 4 && deaf.frames === 3, 'they are on the bus')
    await Promise.all([reader.stop(), deaf.stop()])
    return { lines: reader.lines, sent: reader.sent, deaf: deaf.lines, witness: await printed }
  },

  async filters() {
    const only = socketCan({
      interface: 'vcan0',
      filters: [
        { id: 0x120, mask: 0x7f0, extended: false },
        { id: 0x00fef100, mask: 0x00ffff00, extended: true },
      ],
    }).start()
    const but = socketCan({
      interface: 'vcan0',
      filters: [{ id: 0x123, mask: 0x7ff, extended: false, inverted: true }],
    }).start()
    await until(() => only.states.length === 1 && but.states.length === 1, 'they are open')
    sendAll(['123#01', '133#02', '18FEF117#03', '18FEF200#04', '00000123#05', '12F#06'])
    await until(() => only.lines.at(-1) === 'vcan0 12F#06' && but.lines.at(-1) === 'vcan0 12F#06', 'the last frame')
    await Promise.all([only.stop(), but.stop()])
    return { only: only.lines, but: but.lines }
  },

  async errors() {
    const reader = socketCan({ interface: 'vcan0' }).start()
    const without = socketCan({ interface: 'vcan0', errors: false }).start()
    await until(() => reader.states.length === 1 && without.states.length === 1, 'they are open')
    sendAll(['20000004#0008000000006000', '20000004#0020000000008000', '20000040#', '20000100#'])
    await arrives(reader, '123#01')
    await until(() => without.frames === 1, 'the other has it too')
    await Promise.all([reader.stop(), without.stop()])
    return { lines: reader.lines, states: reader.states, without: without.lines }
  },

  /** A witness of the kernel's own tools: each frame, in order, with the same time. */
  async witness() {
    const reader = socketCan({ interface: 'vcan0' }).start()
    await until(() => reader.states.length === 1, 'it is open')
    const { child, listens } = candump('-r', '4000000', '-n', String(burst))
    const printed = textOf(child)
    await listens
    run('cangen', 'vcan0', '-m', '-g', '0', '-p', '10', '-n', String(burst))
    await until(() => reader.frames === burst, 'all frames')
    await reader.stop()
    const log = (await printed).trim().split('\n')
    const own = reader.lines.map((line, index) => `(${stampText(reader.stamps[index] ?? 0)}) ${line}`)
    const different = own.findIndex((line, index) => !sameLine(line, log[index] ?? ''))
    return {
      frames: own.length,
      reads: reader.reads,
      different,
      own: own[different],
      log: log[different],
      of: log.length,
    }
  },

  /** The same interface by the program candump: filters, error frames, down and up. */
  async candump() {
    const filters = [
      { id: 0x120, mask: 0x7f0, extended: false },
      { id: 0x00fef100, mask: 0x00ffff00, extended: true },
    ]
    const reader = candumpReader({ interface: 'vcan0' })
    const only = candumpReader({ interface: 'vcan0', filters })
    for (const each of [reader, only]) {
      const before = receivers()
      each.start()
      await until(() => receivers() > before, 'candump listens')
    }
    const texts = ['123#01', '133#02', '18FEF117#03', '00000123#04', '213##311', '20000040#0000000000000000', '12F#05']
    sendAll(texts)
    await until(() => reader.frames === texts.length && only.frames === 4, 'the last frame')
    run('ip', 'link', 'set', 'vcan0', 'down')
    await until(() => reader.states.at(-1) === 'absent', 'candump ended')
    run('ip', 'link', 'set', 'vcan0', 'up')
    await until(() => reader.states.at(-1) === 'active' && receivers() > 0, 'candump is back')
    await until(() => {
      run('cansend', 'vcan0', '001#01')
      return reader.lines.includes('vcan0 001#01')
    }, 'it is read again')
    await Promise.all([reader.stop(), only.stop()])
    return { lines: reader.lines.slice(0, texts.length), only: only.lines.slice(0, 4) }
  },

  async several() {
    run('ip', 'link', 'add', 'dev', 'vcan1', 'type', 'vcan')
    run('ip', 'link', 'set', 'vcan1', 'up')
    const readers = ['vcan0', 'vcan1'].map((name) => socketCan({ interface: name }).start())
    await until(() => readers.every(({ states }) => states.length === 1), 'they are open')
    run('cansend', 'vcan1', '001#01')
    run('cansend', 'vcan0', '000#00')
    await until(() => readers.every(({ frames }) => frames === 1), 'both have theirs')
    await Promise.all(readers.map((reader) => reader.stop()))
    return readers.map(({ lines }) => lines)
  },

  async overflow() {
    const reader = socketCan({ interface: 'vcan0', receiveBufferBytes: 4096 }).start()
    await until(() => reader.states.length === 1, 'it is open')
    run('cangen', 'vcan0', '-g', '0', '-i', '-n', String(overflowing)) // meanwhile nobody reads
    await until(() => reader.frames > 0, 'what found room')
    run('cansend', 'vcan0', '001#01')
    await until(() => reader.frames + reader.lost === overflowing + 1, 'each frame is given or counted')
    await reader.stop()
    return { lost: reader.lost }
  },

  async downAndUp() {
    const reader = socketCan({ interface: 'vcan0' }).start()
    await until(() => reader.states.length === 1, 'it is open')
    run('ip', 'link', 'set', 'vcan0', 'down')
    await until(() => reader.states.length === 2, 'it is down')
    const refused = await reader.bus.send(emptyFrame()).catch((error: unknown) => String(error))
    run('ip', 'link', 'set', 'vcan0', 'up')
    await until(() => reader.states.length === 3, 'it is up')
    await arrives(reader, '002#02')
    run('ip', 'link', 'del', 'vcan0')
    await until(() => reader.states.at(-1) === 'absent', 'it is removed')
    run('ip', 'link', 'add', 'dev', 'vcan0', 'type', 'vcan')
    run('ip', 'link', 'set', 'vcan0', 'up')
    await until(() => reader.states.at(-1) === 'active', 'it is back')
    await arrives(reader, '003#03')
    await reader.stop()
    return { states: reader.states, lines: reader.lines, refused }
  },
}

function candumpReader(settings: CandumpSettings): BusReader<Candump> {
  return new BusReader((context, onState) => new Candump({ ...settings, onState }, context))
}

function socketCan(settings: SocketCanSettings): BusReader<SocketCan> {
  return new BusReader((context, onState) => new SocketCan({ ...settings, onState }, context))
}

async function arrives(reader: BusReader<CanSource>, text: string): Promise<void> {
  const before = reader.frames
  run('cansend', 'vcan0', text)
  await until(() => reader.frames > before, `${text} arrives`)
}

for (const [name, check] of Object.entries(checks)) {
  const result = await check().catch((error: unknown) => ({
    failed: error instanceof Error ? error.stack : String(error),
  }))
  process.stdout.write(`@${name} ${JSON.stringify(result)}\n`)
}
