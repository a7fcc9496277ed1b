import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { crc32 } from 'node:zlib'
import serial from '../../inputs/serial/index.js'
import { systemClock } from '../../src/base/clock.js'
import { until } from '../support/bus-reader.js'
import { RecordingInputContext } from '../support/input-context.js'
import { events, inputOnLine, type LineInput } from '../support/line-input.js'
import { optionsOf } from '../support/options.js'
import { parserNamed } from '../support/parsers.js'
import { harmed, PtyDevice } from '../support/pty-device.js'
import { skipPty } from '../support/pty-pair.js'
import { randomOf } from '../support/random.js'
import { backends, readsOf } from '../support/serial-line.js'
import { within } from '../support/within.js'

type Raw = { readonly [option: string]: unknown }

describe('serial input', { skip: skipPty }, () => {
  it('makes a record of each line', async (t) => {
    const { context, device } = await started(t)
    device.send('one\r\n\r\ntwo\nhal')
    await events(context, 2)
    device.send('f\n')
    await events(context, 3)
    assert.deepEqual(context.records, [{ msg: 'one' }, { msg: 'two' }, { msg: 'half' }])
  })

  it('takes the options of Fluent Bit, and makes the records that it makes', async (t) => {
    const cases: readonly [Raw, string, unknown[]][] = [
      [{ separator: '|' }, 'a|b\nc|', ['a', 'b\nc']],
      [{ format: 'json' }, '{"t":21.5} [1] "x"\n', [{ t: 21.5 }, [1], 'x']],
      [{ format: 'none', min_bytes: 5 }, 'ab\ncd', ['ab\ncd']],
      [{ min_bytes: 3 }, 'abc', ['abc']],
    ]
    for (const [raw, sent, messages] of cases) {
      const { context, device } = await started(t, { ...raw, bitrate: 115_200 })
      device.send(sent)
      await events(context, messages.length)
      assert.deepEqual(
        context.records,
        messages.map((msg) => ({ msg })),
      )
    }
  })

  it('waits for min_bytes, whatever the pieces', async (t) => {
    const { context, device } = await started(t, { format: 'none', min_bytes: 6 })
    const reads = readsOf(t, context)
    for (const [at, piece] of ['ab', 'cd', 'ef'].entries()) {
      device.send(piece)
      await until(() => reads.all > at, `"${piece}" is read, and more is asked for`)
    }
    await events(context, 1)
    assert.deepEqual(context.records, [{ msg: 'abcdef' }])
  })

  it('gives the bytes to a parser, and adds where they came from', async (t) => {
    const { context, device, pair } = await started(t, { parser: 'json', source_address_key: 'from' })
    device.send('{"t":21.5}\n')
    await events(context, 1)
    assert.deepEqual(context.records, [{ t: 21.5, from: pair.agentEnd }])
  })

  it('drops and counts what is no record, and what is too long', async (t) => {
    const { context, device } = await started(t, { parser: 'json', buffer_size: 32 })
    device.send(`nonsense\n{"long":"${'x'.repeat(100)}"}\n{"n":1}\n`)
    await events(context, 1)
    assert.deepEqual([context.records, context.dropped], [[{ n: 1 }], { invalid: 1, too_long: 1 }])
  })

  for (const backend of backends) {
    it(`returns by itself when the device was unplugged in the midst of a line, by ${backend}`, async (t) => {
      const { context, pair, device } = await started(t, { backend })
      device.send('before\ncut o')
      await events(context, 1)
      await pair.pullOut()
      await within(
        5000,
        context.until(() => context.counted['lost_lines'] === 1),
        'the loss',
      )
      await pair.plugIn()
      await within(
        5000,
        context.until(() => opened(context) === 2),
        'the return',
      )
      new PtyDevice(t, pair.deviceEnd).send('after\n')
      await events(context, 2)
      assert.deepEqual([context.records, context.dropped], [[{ msg: 'before' }, { msg: 'after' }], { cut_off: 1 }])
    })

    it(`takes every frame that is whole from a device that splits, repeats, drops and garbles, by ${backend}`, async (t) => {
      const seed = Math.floor(Math.random() * 2 ** 32)
      const random = randomOf(seed)
      const framing = { 'framing.type': 'slip', 'framing.checksum': 'CRC-32' }
      const { context, device } = await started(t, { backend, ...framing })
      const texts = Array.from({ length: 200 }, (_, n) => `frame ${n} ${'x'.repeat(random() * 30)}`)
      const textOf = new Map(texts.map((text) => [slipFrame(text), text]))
      const { sent, whole } = harmed([...textOf.keys()], { repeat: 0.1, drop: 0.1, garble: 0.1 }, random)
      await device.sendInPieces(Buffer.concat([...sent, slipFrame('last')]), random)
      await within(
        5000,
        context.until(() => context.records.at(-1)?.['msg'] === 'last'),
        `seed ${seed}`,
      )
      assert.deepEqual(
        context.records.slice(0, -1),
        whole.map((frame) => ({ msg: textOf.get(frame) })),
        `seed ${seed}`,
      )
    })
  }

  it('does not read while there is no room, and loses nothing by it', async (t) => {
    const { context, device } = await started(t)
    const reads = readsOf(t, context)
    context.hasRoom = false
    const lines = Array.from({ length: 10_000 }, (_, n) => `line ${n}\n`)
    const sending = device.sendAll(Buffer.from(lines.join('')))
    await events(context, 1)
    await setImmediate() // whoever does not wait for room has asked for more by now
    assert.equal(reads.early, 0)
    context.hasRoom = true
    await sending
    await events(context, 10_000)
    assert.deepEqual(context.records.at(-1), { msg: 'line 9999' })
  })

  it('asks the device, and says which request an answer belongs to', async (t) => {
    const poll = [
      { request: String.raw`T?\n`, interval: '20ms', fields: { of: 'temperature' } },
      { request: '0x483f0a', interval: '20ms', fields: { of: 'humidity' } },
    ]
    const { context, device } = await started(t, { poll, source_address_key: 'from' })
    device.hear(t, (line) => device.send(line === 'T?' ? '21.5\n' : line === 'H?' ? '40\n' : 'what?\n'))
    await events(context, 4)
    const [first, second] = context.records
    assert.deepEqual(
      [first?.['msg'], first?.['of'], second?.['msg'], second?.['of']],
      ['21.5', 'temperature', '40', 'humidity'],
    )
    assert.equal(typeof first?.['from'], 'string')
    assert.ok((context.counted['requests'] ?? 0) >= 4)
    assert.equal(context.counted['timeouts'], undefined)
  })

  it('counts a request that is not answered in time, and goes on', async (t) => {
    const poll = [{ request: String.raw`?\n`, interval: '10ms', timeout: '30ms', fields: { asked: 'yes' } }]
    const { context, device } = await started(t, { poll })
    let heard = 0
    device.hear(t, () => {
      heard++
      if (heard === 1) device.send('unfinis')
      if (heard === 3) device.send('answer\n')
    })
    await events(context, 1)
    assert.deepEqual(context.records[0], { msg: 'answer', asked: 'yes' })
    assert.ok((context.counted['timeouts'] ?? 0) >= 2)
    assert.deepEqual(context.dropped, { cut_off: 1 })
  })

  it('takes what comes unasked between two requests, without the fields of an answer', async (t) => {
    const poll = [{ request: String.raw`?\n`, interval: '1m', fields: { asked: 'yes' } }]
    const { context, device } = await started(t, { poll })
    device.hear(t, () => device.send('answer\n'))
    await events(context, 1)
    device.send('alarm\n')
    await events(context, 2)
    assert.deepEqual(context.records, [{ msg: 'answer', asked: 'yes' }, { msg: 'alarm' }])
  })

  it('knows an answer that a pause ends before its time is out', async (t) => {
    const poll = [{ request: String.raw`?\n`, interval: '10ms', timeout: '30s' }]
    const { context, device } = await started(t, { poll, 'framing.type': 'idle', 'framing.idle': '20ms' })
    device.hear(t, () => device.send('pong'))
    await events(context, 3)
    assert.deepEqual(context.records[2], { msg: 'pong' })
  })
})

describe('serial input, before it runs', () => {
  const cases: readonly [string, Raw, RegExp][] = [
    ['no device', {}, /path: expected a device/],
    ['two devices', { path: '/dev/ttyS0', usb_vendor: '0403' }, /path: expected either/],
    ['a request that is no bytes', { path: '/dev/ttyS0', poll: [{ request: String.raw`\q` }] }, /poll\[0\]\.request/],
    ['a framing that lacks its options', { path: '/dev/ttyS0', 'framing.type': 'fixed' }, /framing\.size/],
    ['both a separator and a framing', { path: '/dev/ttyS0', separator: ';', 'framing.type': 'slip' }, /separator/],
  ]
  for (const [what, raw, expected] of cases)
    it(`refuses ${what}`, () => {
      const context = new RecordingInputContext(systemClock, parserNamed)
      assert.throws(() => serial.create(optionsOf(serial, raw), context), expected)
    })
})

function started(t: TestContext, raw: Raw = {}): Promise<LineInput> {
  return inputOnLine(t, serial, raw)
}

function opened(context: RecordingInputContext): number {
  return context.log.lines.filter(({ message }) => message === 'line is open').length
}

/** RFC 1055, with a CRC-32 behind the text, and an END before it too, so that noise makes a frame of its own. */
function slipFrame(text: string): Buffer {
  const sum = Buffer.alloc(4)
  sum.writeUInt32LE(crc32(text))
  const escaped = [...Buffer.concat([Buffer.from(text), sum])].flatMap((byte) =>
    byte === 0xc0 ? [0xdb, 0xdc] : byte === 0xdb ? [0xdb, 0xdd] : [byte],
  )
  return Buffer.from([0xc0, ...escaped, 0xc0])
}
