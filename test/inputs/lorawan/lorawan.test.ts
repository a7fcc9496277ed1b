import assert from 'node:assert/strict'
import type { Socket } from 'node:dgram'
import { once } from 'node:events'
import { describe, it, type TestContext } from 'node:test'
import lorawan from '../../../inputs/lorawan/index.js'
import { FakeClock } from '../../support/fake-clock.js'
import { RecordingInputContext } from '../../support/input-context.js'
import { listeningPort } from '../../support/listening.js'
import { datagramOf, frames, gatewayAt, gatewayId, packetOf, session } from '../../support/lora.js'
import { optionsOf } from '../../support/options.js'
import { parserNamed } from '../../support/parsers.js'
import { running } from '../../support/running.js'
import { within } from '../../support/within.js'

type Raw = { readonly [option: string]: unknown }

const devices = [{ ...session, name: 'bed-1' }]

describe('lorawan input', () => {
  it('makes a record of a packet, and acknowledges the datagram once it was taken', async (t) => {
    const { context, push } = await listening(t)
    const ack = push({ rxpk: [packetOf(frames.test)] })
    await events(context, 1)
    assert.deepEqual(context.records, [
      {
        gateway: gatewayId,
        time: '2026-11-26T10:00:00.123456Z',
        timestamp: 3_512_348_611,
        frequency: 866.349812,
        channel: 2,
        rf_chain: 0,
        modulation: 'LORA',
        data_rate: 'SF7BW125',
        coding_rate: '4/6',
        rssi: -35,
        snr: 5.1,
        size: 32,
        message: 'unconfirmed_data_up',
        dev_addr: '49be7df1',
        f_cnt: 2,
        f_port: 1,
        adr: false,
        ack: false,
        adr_ack_req: false,
        encrypted_payload: new Uint8Array([0x95, 0x43, 0x78, 0x76]),
      },
    ])
    context.acks[0]?.()
    assert.equal((await ack).toString('hex'), '02abcd01')
  })

  it('takes the antenna that heard a packet best, FSK, and packets without a checksum, but none whose checksum is wrong', async (t) => {
    const { context, push } = await listening(t)
    const rsig = [
      { ant: 0, chan: 7, rssic: -109, rssis: -110, lsnr: 2.1, etime: 'AA==' },
      { ant: 1, chan: 23, rssic: -102, lsnr: 5.5 },
    ]
    const several = { brd: 1, rsig, rssi: undefined, lsnr: undefined, chan: undefined }
    const fsk = { modu: 'FSK', datr: 50_000, stat: 0, lsnr: undefined }
    const packets = [packetOf(frames.test, several), packetOf(frames.test, fsk), packetOf(frames.test, { stat: -1 })]
    void push({ rxpk: packets })
    await events(context, 2)
    const [first, second] = context.records
    assert.deepEqual(
      ['board', 'antenna', 'channel', 'rssi', 'snr'].map((name) => first?.[name]),
      [1, 1, 23, -102, 5.5],
    )
    assert.deepEqual(
      ['modulation', 'data_rate', 'snr', 'antenna'].map((name) => second?.[name]),
      ['FSK', 50_000, undefined, undefined],
    )
    assert.deepEqual(context.dropped, { bad_crc: 1 })
  })

  it('does not acknowledge what was not taken after all', async (t) => {
    const { context, push, gateway } = await listening(t)
    const answer = push({ rxpk: [packetOf(frames.test)] })
    await events(context, 1)
    context.acks[0]?.(new Error('lost'))
    gateway.send(datagramOf(2))
    assert.equal((await answer).toString('hex'), '02abcd04', 'the first answer is that to what was sent later')
    assert.equal(context.counted['pulls'], 1)
  })

  it('checks and decrypts the frames of its devices, and gives payloads to their parsers', async (t) => {
    const parsing = [{ ...session, parser: 'csv' }]
    const { context, push } = await listening(t, { devices, parser: 'json' })
    const forged = `${frames.test.slice(0, -2)}00`
    void push({ rxpk: [packetOf(forged), packetOf(frames.test), packetOf(frames.commands)] })
    await events(context, 2)
    const [first, commands] = context.records
    assert.deepEqual([first?.['device'], textOf(first?.['payload'])], ['bed-1', 'test'])
    assert.deepEqual([commands?.['f_port'], commands?.['payload']], [0, new Uint8Array([3, 7])])
    assert.deepEqual([context.dropped, context.counted['invalid_payloads']], [{ bad_mic: 1 }, 1])
    assert.equal(context.acks.length, 1, 'a datagram is handed over in one piece')
    assert.deepEqual(lorawan.codecs?.(optionsOf(lorawan, { devices: parsing })), ['csv'])
  })

  it('gives the payload as its device has it', async (t) => {
    const parser = (name: string) => ({
      framing: 'bytes' as const,
      parse: (bytes: Uint8Array) => [{ record: { [name]: bytes.length } }],
    })
    const { context, push } = await listening(t, { devices: [{ ...session, parser: 'own' }], parser: 'all' }, parser)
    void push({ rxpk: packetOf(frames.test) })
    await events(context, 1)
    assert.deepEqual(context.records[0]?.['payload'], { own: 4 })
  })

  it('knows all 32 bits of a counter when its 16 bits run over, and after a restart too', async (t) => {
    const { context, push } = await listening(t, { devices })
    void push({ rxpk: [packetOf(frames.last), packetOf(frames.rolled), packetOf(frames.last), packetOf(frames.test)] })
    await events(context, 4)
    assert.deepEqual(
      context.records.map(({ f_cnt }) => f_cnt),
      [0xffff, 0x10001, 0xffff, 2],
    )
    assert.equal(context.state.get('counter.49be7df1.up'), '0')
    context.state.set('counter.49be7df1.up', '1')
    const again = await listening(t, { devices: [{ dev_addr: session.dev_addr }] }, parserNamed, context)
    void again.push({ rxpk: packetOf(frames.rolled) })
    await events(context, 5)
    assert.equal(context.records[4]?.['f_cnt'], 0x10001)
  })

  it('drops what several gateways heard, within the window', async (t) => {
    const { context, push, clock } = await listening(t, { deduplicate: '2s' })
    void push({ rxpk: [packetOf(frames.test, { rssi: -30 }), packetOf(frames.last)] })
    void push({ rxpk: packetOf(frames.test, { rssi: -90 }) }, '24e124fffef05678')
    await within(
      5000,
      context.until(() => context.dropped['duplicate'] === 1),
      'the duplicate',
    )
    await clock.advance(2000)
    void push({ rxpk: packetOf(frames.test, { rssi: -60 }) })
    await events(context, 3)
    assert.deepEqual(
      context.records.map(({ rssi }) => rssi),
      [-30, -35, -60],
    )
  })

  it('takes reports of gateways, joins, and what is no frame', async (t) => {
    const { context, push } = await listening(t, { event_time: 'gateway' })
    const stat = { time: '2014-01-12 08:59:28 GMT', lati: 46.24, long: 3.2523, alti: 145, rxnb: 2, rxok: 2, ackr: 100 }
    void push({ rxpk: [packetOf(frames.join), packetOf('e001'), packetOf('01', { modu: 'FSK', time: 5 })], stat })
    await events(context, 4)
    const { gateway, ...report } = context.records[3] ?? {}
    assert.equal(gateway, gatewayId)
    assert.deepEqual(
      context.records.slice(0, 3).map(({ message, join_eui, dev_nonce, data }) => [message, join_eui, dev_nonce, data]),
      [
        ['join_request', '0102030405060708', 0x1234, undefined],
        ['proprietary', undefined, undefined, new Uint8Array([0xe0, 1])],
        [undefined, undefined, undefined, new Uint8Array([1])],
      ],
    )
    const place = { latitude: 46.24, longitude: 3.2523, altitude: 145 }
    const counts = { received: 2, received_ok: 2, acknowledged_percent: 100 }
    assert.deepEqual(report, { message: 'stat', time: stat.time, ...place, ...counts })
    const heard = { seconds: Date.UTC(2026, 10, 26, 10) / 1000, nanoseconds: 123_000_000 }
    const reported = { seconds: Date.UTC(2014, 0, 12, 8, 59, 28) / 1000, nanoseconds: 0 }
    assert.deepEqual(
      context.events.map(({ time }) => time),
      [heard, heard, { seconds: 0, nanoseconds: 0 }, reported],
    )
  })

  it('refuses gateways that are not named, devices that are not known, and datagrams that are none', async (t) => {
    const settings = { gateways: ['24:E1:24:FF:FE:F0:12:34'], devices, only_devices: true, max_datagram: 4096 }
    const { context, push, gateway } = await listening(t, settings)
    void push({ rxpk: [packetOf(frames.test)] }, '24e124fffef05678')
    for (const bytes of [Buffer.from('nonsense'), datagramOf(0, ['no map']), datagramOf(0)]) gateway.send(bytes)
    gateway.send(datagramOf(0, { much: 'x'.repeat(4096) }))
    const bad = [packetOf('e001'), packetOf('40f17dbe5000020001954378762b11ff0d'), packetOf(frames.test, { stat: -1 })]
    void push({ rxpk: [...bad, 5, packetOf('00'.repeat(256)), packetOf(frames.test)] })
    await events(context, 1)
    assert.deepEqual(context.dropped, {
      gateway_not_allowed: 1,
      invalid: 5,
      too_long: 1,
      unknown_device: 2,
      bad_crc: 1,
    })
  })

  it('says which port it cannot have', async (t) => {
    const { port } = await listening(t)
    const failed = lorawan.create(optionsOf(lorawan, { port }), new RecordingInputContext()).run(t.signal)
    await assert.rejects(failed, new RegExp(`listen on 127\\.0\\.0\\.1:${port}: .*EADDRINUSE`))
  })
})

describe('lorawan input, before it runs', () => {
  const cases: readonly [string, Raw, RegExp][] = [
    ['a gateway that is none', { gateways: ['24e1'] }, /gateways: expected 16 hex digits/],
    ['an address that is none', { devices: [{ dev_addr: 'xyz' }] }, /eight hex digits/],
    ['a device twice', { devices: [...devices, ...devices] }, /"49be7df1" twice/],
    [
      'a key that is none, without telling it',
      { devices: [{ ...session, nwk_s_key: 'sesame' }] },
      /^(?!.*sesame).*32 hex/,
    ],
  ]
  for (const [what, raw, expected] of cases)
    it(`refuses ${what}`, () => {
      const create = () => lorawan.create(optionsOf(lorawan, raw), new RecordingInputContext())
      assert.throws(create, (error: Error) => expected.test(error.message))
    })
})

interface Listening {
  readonly context: RecordingInputContext
  readonly clock: FakeClock
  readonly gateway: Socket
  readonly port: number
  /** Sends a PUSH_DATA; resolves with the next answer. */
  push(body: unknown, from?: string): Promise<Buffer>
}

async function listening(
  t: TestContext,
  raw: Raw = {},
  parser: RecordingInputContext['parser'] = parserNamed,
  before?: RecordingInputContext,
): Promise<Listening> {
  const clock = new FakeClock()
  const context = before ?? new RecordingInputContext(clock, parser)
  context.log.lines.length = 0
  await running(t, lorawan.create(optionsOf(lorawan, { port: 0, ...raw }), context))
  const port = await listeningPort(context.log)
  const gateway = await gatewayAt(t, port)
  const push = async (body: unknown, from?: string): Promise<Buffer> => {
    gateway.send(datagramOf(0, body, 2, from))
    const [answer] = (await once(gateway, 'message')) as [Buffer]
    return answer
  }
  return { context, clock, gateway, port, push }
}

function events(context: RecordingInputContext, count: number): Promise<void> {
  return within(20_000, context.received(count), `${count} events`)
}

function textOf(value: unknown): string {
  return Buffer.from(value as Uint8Array).toString()
}
