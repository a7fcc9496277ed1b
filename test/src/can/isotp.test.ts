import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { bytesOf, frameOf } from '../../support/can-frames.js'
import { settle } from '../../support/fake-clock.js'
import { isotpSide as side } from '../../support/isotp-side.js'

describe('ISO-TP receiver', () => {
  it('takes a message of one frame', () => {
    const { hear, messages } = side()
    hear('222#051122334455', '222#02AABB00000000', '222#0701020304050607')
    assert.deepEqual(messages, ['1122334455', 'AABB', '01020304050607'])
  })

  it('takes a message of many, and lets them through', async () => {
    const { hear, messages, sent } = side({ blockSize: 5, separationMs: 2 })
    hear('222#100A000102030405', '222#2106070809')
    await settle()
    assert.deepEqual([messages, sent], [['00010203040506070809'], ['111#300502 0']])
  })

  it('lets through as many frames at a time as it is told', async () => {
    const { hear, messages, sent } = side({ blockSize: 3, separationMs: 5 })
    const parts = ['222#101E000102030405', '222#2106070809101112', '222#2213141516171819', '222#2320212223242526']
    hear(...parts)
    await settle()
    assert.deepEqual(sent, ['111#300305 0', '111#300305 0'])
    hear('222#24272829')
    assert.equal(messages[0]?.length, 60)
  })

  it('counts on from 15 to 0', () => {
    const { hear, messages } = side()
    hear('222#1079000000000000')
    for (let n = 1; n <= 17; n++) hear(`222#2${(n % 16).toString(16)}00000000000000`)
    assert.equal(messages[0]?.length, 242)
  })

  it('takes lengths of 32 bits', () => {
    const { hear, messages } = side({ longest: 5000 })
    hear('222#1000000013880102')
    for (let n = 1; n <= 714; n++) hear(`222#2${(n % 16).toString(16)}00000000000000`)
    assert.equal(messages[0]?.length, 10_000)
  })

  it('takes long frames of CAN FD', () => {
    const { hear, messages } = side()
    hear(`222#000B${'00'.repeat(10)}`, `222#000A${'11'.repeat(10)}`)
    assert.deepEqual(messages, ['11'.repeat(10)])
  })

  it('refuses what is longer than it takes, and goes on', async () => {
    const { hear, sent, faults, messages } = side({ longest: 32 })
    hear('222#1021000000000000', '222#2100000000000000', '222#1000000000210000', '222#10FF000000000000')
    hear('222#0155')
    await settle()
    assert.deepEqual(sent, ['111#320000 0', '111#320000 0', '111#320000 0'])
    assert.deepEqual(faults, ['too_long', 'unexpected', 'too_long', 'too_long'])
    assert.deepEqual(messages, ['55'])
  })

  it('waits a second for the next frame (N_Cr), and no longer', async () => {
    const { hear, clock, messages, faults } = side()
    hear('222#100A000102030405')
    await clock.advance(999)
    hear('222#2106070809', '222#1014000102030405')
    await clock.advance(999)
    hear('222#2106070809101112')
    await clock.advance(1000)
    hear('222#2213141516171819')
    assert.deepEqual([messages, faults], [['00010203040506070809'], ['timeout', 'unexpected']])
    assert.equal(clock.waiting, 0)
  })

  const wrong: [name: string, frames: string[], faults: string, messages: string[]][] = [
    ['a frame that is not the next', ['222#100A000102030405', '222#2206070809'], 'wrong_sequence', []],
    ['a frame of nothing', ['222#2106070809'], 'unexpected', []],
    [
      'a message that begins within another',
      ['222#100A000102030405', '222#100A0A0B0C0D0E0F', '222#2106070809'],
      'interrupted',
      ['0A0B0C0D0E0F06070809'],
    ],
    ['a single frame within a message', ['222#100A000102030405', '222#0155'], 'interrupted', ['55']],
    ['a single frame of nothing', ['222#00'], 'malformed', []],
    ['a single frame that is cut', ['222#0501020304'], 'malformed', []],
    ['a first frame that is cut', ['222#100A0001'], 'malformed', []],
    ['a first frame of what fits one', ['222#1006010203040506'], 'malformed', []],
    ['a first frame of nothing', ['222#1000000000000102'], 'malformed', []],
    ['a last frame that is cut', ['222#100A000102030405', '222#210607'], 'malformed', []],
    ['an empty frame', ['222#'], 'malformed', []],
    ['a type that there is not', ['222#4F00'], 'malformed', []],
  ]
  for (const [name, frames, faults, messages] of wrong) {
    it(`tells ${name}`, () => {
      const heard = side()
      heard.hear(...frames)
      assert.deepEqual([heard.faults, heard.messages], [faults.split(','), messages])
    })
  }

  it('tells where its flow control cannot be sent', async () => {
    const { hear, faults } = side({ write: () => Promise.reject(new Error('bus off')) })
    hear('222#100A000102030405')
    await settle()
    assert.deepEqual(faults, ['not_sent'])
  })

  it('knows the frames of its conversation alone', () => {
    const { link } = side()
    const others = ['111#0155', '00000222#0155']
    assert.deepEqual(
      others.map((text) => link.take(frameOf(text))),
      [false, false],
    )
    assert.equal(link.take({ ...frameOf('222#0155'), remote: true }), false)
  })
})

describe('ISO-TP sender', () => {
  const twenty = bytesOf('00 01 02 03 04 05 06 07 08 09 0A 0B 0C 0D 0E 0F 10 11 12 13')

  it('sends a short message in one frame, filled where it is to be', async () => {
    const plain = side()
    await plain.link.send(bytesOf('0902'))
    const padded = side({ padding: 0xaa })
    await padded.link.send(bytesOf('0902'))
    assert.deepEqual([plain.sent, padded.sent], [['111#020902 0'], ['111#020902AAAAAAAAAA 0']])
  })

  it('waits for flow control after the first frame and after each block, and keeps its distance', async () => {
    const { link, clock, sent, hear } = side()
    const sending = link.send(twenty.subarray(0, 20))
    await clock.advance(100)
    hear('222#30010A')
    await clock.advance(100)
    hear('222#300214')
    await clock.advance(100)
    await sending
    assert.deepEqual(sent, ['111#1014000102030405 0', '111#21060708090A0B0C 100', '111#220D0E0F10111213 200'])
  })

  it('keeps the least time between frames', async () => {
    const { link, clock, sent, hear } = side()
    const sending = link.send(new Uint8Array(27))
    await settle()
    hear('222#300014')
    await clock.advance(100)
    await sending
    assert.deepEqual(
      sent.map((text) => Number(text.split(' ')[1])),
      [0, 0, 20, 40],
    )
  })

  it('waits a second for flow control (N_Bs), and no longer', async () => {
    const { link, clock, sent } = side()
    const failed = assert.rejects(link.send(twenty), { code: 'CAN_ISOTP_TIMEOUT' })
    await clock.advance(999)
    assert.equal(clock.waiting, 1)
    await clock.advance(1)
    await failed
    assert.equal(sent.length, 1)
  })

  it('waits on as long as the receiver asks it to, so many times', async () => {
    const { link, clock, hear, sent } = side({ mostWaits: 2 })
    const sending = link.send(twenty)
    await clock.advance(900)
    hear('222#310000')
    await clock.advance(900)
    hear('222#310000')
    await clock.advance(900)
    hear('222#300000')
    await sending
    assert.equal(sent.length, 3)
    const failed = assert.rejects(link.send(twenty), { code: 'CAN_ISOTP_REFUSED' })
    for (let n = 0; n < 3; n++) {
      await settle()
      hear('222#310000')
    }
    await failed
  })

  for (const control of ['222#320000', '222#330000']) {
    it(`fails where the receiver does not take the message: ${control}`, async () => {
      const { link, hear, clock } = side()
      const failed = assert.rejects(link.send(twenty), { code: 'CAN_ISOTP_REFUSED' })
      await settle()
      hear(control)
      await failed
      assert.equal(clock.waiting, 0)
    })
  }

  it('does not mind flow control that it does not wait for, or that is cut', async () => {
    const { link, hear, sent } = side()
    hear('222#300000')
    const sending = link.send(twenty)
    await settle()
    hear('222#3000', '222#30')
    await settle()
    assert.equal(sent.length, 1)
    hear('222#300000')
    await sending
  })

  it('sends one message at a time', async () => {
    const { link, hear } = side()
    const sending = link.send(twenty)
    await assert.rejects(link.send(twenty), { code: 'CAN_ISOTP_BUSY' })
    hear('222#300000')
    await sending
  })

  it('ends what it sends when it is closed, and when a frame cannot be sent', async () => {
    const { link, clock, sent } = side()
    const failed = assert.rejects(link.send(twenty), { code: 'CAN_CLOSED' })
    await settle()
    link.close()
    await failed
    for (const payload of [twenty, new Uint8Array(1)]) await assert.rejects(link.send(payload), { code: 'CAN_CLOSED' })
    assert.equal(sent.length, 1)
    const slow = side()
    const ended = assert.rejects(slow.link.send(new Uint8Array(27)), { code: 'CAN_CLOSED' })
    await settle()
    slow.hear('222#30007F')
    await settle()
    slow.link.close()
    await slow.clock.advance(127)
    await ended
    assert.equal(slow.sent.length, 2)
    const broken = side({ write: () => Promise.reject(new Error('bus off')) })
    await assert.rejects(broken.link.send(twenty), /bus off/)
    assert.deepEqual([clock.waiting, slow.clock.waiting, broken.clock.waiting], [0, 0, 0])
  })
})
