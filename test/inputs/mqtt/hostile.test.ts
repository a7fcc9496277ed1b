import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect as dial, type Socket } from 'node:net'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { settle } from '../../support/fake-clock.js'
import { connect, disconnect, packet, publish, pubrel, subscribe } from '../../support/mqtt-bytes.js'
import { hears, mqttListener } from '../../support/mqtt-listener.js'
import { within } from '../../support/within.js'

const hexEnd = (text: string): string => Buffer.from(text, 'latin1').toString('hex')

describe('mqtt input, whatever comes', () => {
  const wrong: readonly (readonly [string, Buffer, string, string])[] = [
    ['no CONNECT', publish(), 'malformed_packet', ''],
    ['HTTP', Buffer.from('GET / HTTP/1.1\r\n\r\n'), 'malformed_packet', ''],
    ['a length of five bytes', Buffer.of(0x10, 255, 255, 255, 255, 1), 'malformed_packet', ''],
    ['a second CONNECT', Buffer.concat([connect(), connect()]), 'protocol_error', '20020000'],
    ['a type of 0', Buffer.concat([connect(), packet(0)]), 'malformed_packet', '20020000'],
    ['flags that PUBREL has not', Buffer.concat([connect(), packet(0x60, 0, 1)]), 'malformed_packet', '20020000'],
    ['QoS 3', Buffer.concat([connect(), publish({ qos: 3 })]), 'malformed_packet', '20020000'],
    [
      'a packet identifier of 0',
      Buffer.concat([connect(), publish({ qos: 1, id: 0 })]),
      'malformed_packet',
      '20020000',
    ],
    ['a wildcard', Buffer.concat([connect(), publish({ topic: 'a/#' })]), 'topic_name_invalid', '20020000'],
    [
      'a topic that is no UTF-8',
      Buffer.concat([connect(), packet(0x30, 0, 1, 0xff, 0x7b, 0x7d)]),
      'malformed_packet',
      '20020000',
    ],
    [
      'a topic longer than its packet',
      Buffer.concat([connect(), packet(0x30, 9, 9, 1)]),
      'malformed_packet',
      '20020000',
    ],
    ['too much', Buffer.concat([connect(), publish({ payload: 'x'.repeat(3000) })]), 'packet_too_large', '20020000'],
  ]
  for (const [name, bytes, reason, answer] of wrong)
    it(`ends a connection that brings ${name}`, async (t) => {
      const { context, client } = await mqttListener(t, { max_packet_size: '2KiB' })
      const device = await client()
      device.send(bytes)
      assert.equal(hexEnd(await device.closed), answer)
      assert.deepEqual([context.counted, context.events], [{ [reason]: 1 }, []])
    })

  const wrong5: readonly (readonly [string, Buffer, string])[] = [
    ['too much', publish({ version: 5, payload: 'x'.repeat(3000) }), '95'],
    ['a wildcard', publish({ version: 5, topic: '+' }), '90'],
    ['an alias beyond the most', publish({ version: 5, properties: [0x23, 1, 0] }), '94'],
    ['an alias of 0', publish({ version: 5, properties: [0x23, 0, 0] }), '82'],
    ['a property twice', publish({ version: 5, properties: [1, 0, 1, 0] }), '82'],
    ['a property of other packets', publish({ version: 5, properties: [0x11, 0, 0, 0, 1] }), '81'],
    ['a subscription identifier', publish({ version: 5, properties: [0x0b, 1] }), '82'],
    ['no topic', publish({ version: 5, topic: '' }), '82'],
    ['AUTH', packet(0xf0), '82'],
    ['a session that it did not ask for', packet(0xe0, 0, 5, 0x11, 0, 0, 0, 1), '82'],
    ['more than may wait', Buffer.concat([1, 2, 3].map((id) => publish({ version: 5, qos: 1, id }))), '93'],
  ]
  for (const [name, bytes, code] of wrong5)
    it(`tells a client of 5 that brings ${name} why its connection ends`, async (t) => {
      const { client } = await mqttListener(t, { max_packet_size: '2KiB', max_inflight: 2 })
      const device = await client()
      device.send(Buffer.concat([connect({ version: 5 }), bytes]))
      assert.match(hexEnd(await device.closed), new RegExp(`e001${code}$`))
    })

  it('gives the same events wherever the bytes are split', async (t) => {
    const { context, client } = await mqttListener(t)
    const bytes = Buffer.concat([connect(), publish(), publish({ qos: 1, payload: '{"y":[2]}' }), disconnect])
    for (let at = 1; at < bytes.length; at++) {
      const device = await client()
      device.send(bytes.subarray(0, at))
      await settle()
      device.send(bytes.subarray(at))
      await device.closed
      assert.deepEqual(
        context.events.splice(0).map(({ record }) => record),
        [
          { topic: 'a/b', x: 1 },
          { topic: 'a/b', y: [2] },
        ],
        `at ${at}`,
      )
    }
    assert.deepEqual(context.counted, {})
  })

  it('ends in a close and gives back all memory, whatever the bytes', async (t) => {
    const { context, port } = await mqttListener(t, { max_packet_size: '1KiB' })
    const version = fc.constantFrom<4 | 5>(4, 5)
    const parts = fc.record({ version, clean: fc.boolean(), id: fc.string({ maxLength: 4 }) })
    const sound = fc.oneof(
      fc.record({ qos: fc.nat(3), id: fc.nat(3), version, payload: fc.string() }).map(publish),
      fc.constantFrom(pubrel(1), subscribe(4), subscribe(5), disconnect, packet(0xc0)),
    )
    const noise = fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes))
    const stream = fc.tuple(
      fc.option(parts),
      fc.array(fc.oneof(sound, noise), { maxLength: 8 }),
      fc.nat(400),
      fc.nat(255),
    )
    await fc.assert(
      fc.asyncProperty(stream, async ([opening, packets, at, byte]) => {
        const bytes = Buffer.concat([...(opening ? [connect(opening)] : []), ...packets])
        if (at < bytes.length) bytes[at] = byte
        const socket = dial(port, '127.0.0.1').on('error', () => undefined)
        socket.resume().end(bytes)
        await within(20_000, once(socket, 'close'), `the end of ${bytes.toString('hex')}`)
        for (const ack of context.acks.splice(0)) ack?.()
      }),
      { numRuns: 150 },
    )
    assert.equal(context.log.lines.filter(({ level }) => level === 'error').length, 0)
  })

  it('serves others while a thousand are idle and one never reads its answers', async (t) => {
    const { context, client, port } = await mqttListener(t, {
      max_connections_per_address: 2000,
      max_connections: 2000,
    })
    const idle: Socket[] = []
    t.after(() => idle.forEach((socket) => socket.destroy()))
    for (let count = 0; count < 1000; count++) {
      const socket = dial(port, '127.0.0.1').on('error', () => undefined)
      idle.push(socket)
      await once(socket, 'connect')
      socket.write(connect({ id: `idle-${count}` }))
    }
    const deaf = dial(port, '127.0.0.1').on('error', () => undefined)
    idle.push(deaf)
    deaf.pause().write(connect({ id: 'deaf' }))
    const pings = Buffer.alloc(1 << 16, packet(0xc0))
    // Until the listener reads no more of it, as its answers are not taken.
    while (deaf.write(pings) || deaf.writableLength < 4 << 20) await settle()
    const device = await client()
    device.send(Buffer.concat([connect(), publish()]))
    await hears(device, '20 02 00 00')
    await context.received(1)
    assert.deepEqual(context.counted, {})
  })
})
