import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { hashPassword } from '../../../src/base/password-hash.js'
import { connect, disconnect, packet, publish, pubrel, subscribe } from '../../support/mqtt-bytes.js'
import { hears, hearsLast, hexOf, mqttListener } from '../../support/mqtt-listener.js'

const hash = await hashPassword('right', { logN: 4, r: 8, p: 1 })

/** Receive Maximum, Retain, Maximum Packet Size, Topic Alias Maximum, no subscriptions of any kind. */
const welcome5 = '20 16 00 00 13 21 03e8 25 00 27 00040000 22 0040 28 00 29 00 2a 00'

describe('mqtt input, listen', () => {
  const answers: readonly (readonly [string, object, Buffer, string])[] = [
    ['a client of 3.1.1 in', {}, connect(), '20 02 00 00'],
    ['a client of 5 in, and tells it the limits', {}, connect({ version: 5 }), welcome5],
    ['nobody in who speaks 3.1', {}, packet(0x10, 0, 6, ...Buffer.from('MQIsdp'), 3, 2, 0, 0, 0, 0), '20 02 00 01'],
    ['nobody in with a session and no identifier', {}, connect({ id: '', clean: false }), '20 02 00 02'],
    ['nobody in without a user', { users: { ann: hash } }, connect(), '20 02 00 05'],
    ['nobody of 5 in without a user', { users: { ann: hash } }, connect({ version: 5 }), '20 03 00 87 00'],
    [
      'nobody in by a wrong password',
      { users: { ann: hash } },
      connect({ user: 'ann', password: 'no' }),
      '20 02 00 04',
    ],
    ['who has the right one in', { users: { ann: hash } }, connect({ user: 'ann', password: 'right' }), '20 02 00 00'],
    ['nobody of 5 in by another method', {}, connect({ version: 5, properties: [0x15, 0, 1, 0x78] }), '20 03 00 8c 00'],
  ]
  for (const [name, raw, bytes, answer] of answers)
    it(`lets ${name}`, async (t) => {
      const client = await (await mqttListener(t, raw)).client()
      client.send(bytes)
      await hears(client, answer)
    })

  it('makes events of messages, the topic first', async (t) => {
    const { context, client } = await mqttListener(t, { tag: 'dev.$topic.$topic[1]' })
    const device = await client()
    device.send(Buffer.concat([connect(), publish(), publish({ topic: 'c', payload: '[{"y":1},[5,{"topic":2}]]' })]))
    await context.received(3)
    assert.deepEqual(
      context.events.map(({ tag, record }) => [tag, record]),
      [
        ['dev.a.b.b', { topic: 'a/b', x: 1 }],
        ['dev.c.', { topic: 'c', y: 1 }],
        ['dev.c.', { topic: 'c' }],
      ],
    )
  })

  const payloads: readonly (readonly [object, string | Uint8Array, object])[] = [
    [{ format: 'plain' }, 'on', { topic: 'a/b', payload: 'on' }],
    [{ format: 'raw', payload_key: 'b' }, Uint8Array.of(1, 255), { topic: 'a/b', b: Uint8Array.of(1, 255) }],
    [{ format: 'msgpack' }, Uint8Array.of(0x81, 0xa1, 0x78, 1), { topic: 'a/b', x: 1 }],
    [{ format: 'csv' }, 'x,y\n1,2\n', { topic: 'a/b', x: '1', y: '2' }],
    [{ payload_key: 'p', topic_key: 't' }, '{"x":1}', { t: 'a/b', p: { x: 1 } }],
    [{ topic_key: 'false' }, '{"x":1}', { x: 1 }],
  ]
  for (const [raw, payload, record] of payloads)
    it(`reads ${JSON.stringify(raw)}`, async (t) => {
      const { context, client } = await mqttListener(t, raw)
      ;(await client()).send(Buffer.concat([connect(), publish({ payload })]))
      await context.received(1)
      assert.deepEqual(context.records, [record])
    })

  it('acknowledges QoS 1 when the promise holds and not before', async (t) => {
    const { context, client, keep } = await mqttListener(t)
    const device = await client()
    device.send(Buffer.concat([connect(), publish({ qos: 1, id: 0x1234 }), publish({ qos: 1, id: 2 })]))
    await context.received(2)
    device.send(packet(0xc0))
    await hears(device, '20 02 00 00 d0 00')
    keep()
    await hears(device, '20 02 00 00 d0 00 40 02 1234 40 02 0002')
  })

  it('ends the connection of a client whose promise was broken, in MQTT 5 with a reason', async (t) => {
    const { context, client, keep } = await mqttListener(t)
    const device = await client()
    device.send(Buffer.concat([connect({ version: 5 }), publish({ version: 5, qos: 1 })]))
    await context.received(1)
    keep(new Error('memory_full'))
    assert.match(Buffer.from(await device.closed, 'latin1').toString('hex'), /e00197$/)
    assert.equal(context.counted['quota_exceeded'], 1)
  })

  it('takes a message of QoS 2 once, however often it comes before its release', async (t) => {
    const { context, client, keep } = await mqttListener(t)
    const device = await client()
    const again = publish({ qos: 2, id: 5, dup: true })
    device.send(Buffer.concat([connect(), publish({ qos: 2, id: 5 }), again]))
    await context.received(1)
    keep()
    await hears(device, '20 02 00 00 50 02 0005')
    device.send(Buffer.concat([again, pubrel(5), publish({ qos: 2, id: 5, payload: '{"x":2}' })]))
    await context.received(2)
    await hears(device, '20 02 00 00 50 02 0005 50 02 0005 70 02 0005')
    assert.deepEqual(
      context.records.map(({ x }) => x),
      [1, 2],
    )
  })

  it('says nothing of the release of a message before the promise holds', async (t) => {
    const { context, client } = await mqttListener(t)
    const device = await client()
    device.send(Buffer.concat([connect(), publish({ qos: 2, id: 5 }), pubrel(5)]))
    assert.equal(Buffer.from(await device.closed, 'latin1').toString('hex'), '20020000')
    assert.deepEqual([context.events.length, context.counted], [1, { protocol_error: 1 }])
  })

  it('takes no message of QoS 2 that it could not know again', async (t) => {
    const { context, client } = await mqttListener(t)
    const device = await client()
    device.send(connect())
    await hears(device, '20 02 00 00')
    context.reserve = () => false
    device.send(publish({ qos: 2, id: 5 }))
    await device.closed
    assert.deepEqual([context.events, context.counted], [[], { quota_exceeded: 1 }])
  })

  it('forgets a message of QoS 2 whose topic was none', async (t) => {
    const { context, client } = await mqttListener(t)
    const device = await client()
    device.send(Buffer.concat([connect({ clean: false }), publish({ qos: 2, id: 5, topic: '#' })]))
    await device.closed
    const again = await client()
    again.send(Buffer.concat([connect({ clean: false }), publish({ qos: 2, id: 5 })]))
    await context.received(1)
  })

  it('listens to a client of 5 that has sent as much as may wait', async (t) => {
    const { context, client } = await mqttListener(t, { max_inflight: 2 })
    const device = await client()
    const messages = [1, 2].map((id) => publish({ version: 5, qos: 1, id }))
    device.send(Buffer.concat([connect({ version: 5 }), ...messages]))
    await context.received(2)
    device.send(packet(0xc0))
    await hearsLast(device, 'd0 00')
  })

  it('tells a client of 5 that it knows nothing of what is released', async (t) => {
    const device = await (await mqttListener(t)).client()
    device.send(Buffer.concat([connect({ version: 5 }), pubrel(9)]))
    await hears(device, `${welcome5} 70 03 0009 92`)
  })

  it('counts what is not of the format, and says so in MQTT 5', async (t) => {
    const { context, client, keep } = await mqttListener(t)
    const [old, fresh] = [await client(), await client()]
    old.send(Buffer.concat([connect(), publish({ qos: 1, payload: 'no' })]))
    await hears(old, '20 02 00 00 40 02 0001')
    const bad = publish({ version: 5, qos: 1, payload: '' })
    fresh.send(
      Buffer.concat([connect({ version: 5, id: 'f' }), bad, publish({ version: 5, qos: 2, id: 3, payload: '1' })]),
    )
    await hears(fresh, `${welcome5} 40 03 0001 99 50 03 0003 99`)
    keep()
    assert.deepEqual([context.dropped, context.events], [{ invalid: 3 }, []])
  })

  it('takes what fits its filters, and counts what does not', async (t) => {
    const { context, client } = await mqttListener(t, { topics: ['a/+', '$x/#'] })
    const device = await client()
    const topics = ['a/b', 'a', 'a/b/c', '$x', '$x/y/z', 'b/a']
    device.send(
      Buffer.concat([connect({ version: 5 }), ...topics.map((topic) => publish({ version: 5, topic, qos: 1 }))]),
    )
    await context.until(() => context.dropped['topic_not_taken'] === 3)
    assert.deepEqual(
      context.records.map(({ topic }) => topic),
      ['a/b', '$x', '$x/y/z'],
    )
  })

  it('knows topics by their aliases', async (t) => {
    const { context, client } = await mqttListener(t)
    const device = await client()
    const aliased = (topic: string, alias: number): Buffer =>
      publish({ version: 5, topic, properties: [0x23, 0, alias] })
    device.send(
      Buffer.concat([connect({ version: 5 }), aliased('a/b', 1), aliased('c', 2), aliased('', 1), aliased('', 2)]),
    )
    await context.received(4)
    assert.deepEqual(
      context.records.map(({ topic }) => topic),
      ['a/b', 'c', 'a/b', 'c'],
    )
    device.send(aliased('', 3))
    assert.match(Buffer.from(await device.closed, 'latin1').toString('hex'), /e00182$/)
  })

  it('counts topics that have aliases to the memory, and sends away who has too many of them', async (t) => {
    const { context, client } = await mqttListener(t)
    const device = await client()
    const aliased = (letter: string, length: number, alias: number): Buffer =>
      publish({ version: 5, topic: letter.repeat(length), properties: [0x23, 0, alias] })
    device.send(Buffer.concat([connect({ version: 5 }), aliased('a', 60_000, 1), aliased('b', 20_000, 2)]))
    device.send(aliased('c', 50_000, 1))
    await context.received(3)
    const held = (): number => context.reserved
    assert.equal(held(), 70_000)
    context.reserve = () => false
    device.send(aliased('d', 10, 3))
    assert.match(Buffer.from(await device.closed, 'latin1').toString('hex'), /e00197$/)
    while (held() !== 0) await new Promise((resolve) => setImmediate(resolve))
  })

  it('refuses subscriptions and goes on', async (t) => {
    const { context, client } = await mqttListener(t)
    const device = await client()
    device.send(Buffer.concat([connect(), subscribe(4), packet(0xa2, 0, 8, 0, 1, 0x61), publish()]))
    await context.received(1)
    await hears(device, '20 02 00 00 90 04 0007 80 80 b0 02 0008')
    assert.equal(context.counted['refused_subscriptions'], 1)
    const fresh = await client()
    fresh.send(Buffer.concat([connect({ version: 5, id: 'f' }), subscribe(5)]))
    await fresh.until(/subscribe at a broker\x83\x83$/)
  })

  it('takes what came before a client took its leave, and says nothing of its will', async (t) => {
    const { context, client, keep } = await mqttListener(t)
    const device = await client()
    const will = { topic: 'gone', payload: '{"gone":true}' }
    device.send(Buffer.concat([connect({ will }), publish({ qos: 1 }), disconnect]))
    await device.closed
    keep()
    assert.deepEqual([context.records, context.counted], [[{ topic: 'a/b', x: 1 }], {}])
    assert.equal(hexOf(device), '20020000')
  })

  it('takes no message while there is no room, and lets others in', async (t) => {
    const { context, client } = await mqttListener(t)
    const device = await client()
    device.send(connect())
    await hears(device, '20 02 00 00')
    context.hasRoom = false
    device.send(Buffer.concat([publish(), publish(), publish({ payload: '{"x":2}' }), packet(0xc0)]))
    const other = await client()
    other.send(connect({ id: 'other' }))
    await hears(other, '20 02 00 00')
    assert.deepEqual(context.events, [])
    context.hasRoom = true
    await context.received(3)
    await hearsLast(device, 'd0 00')
  })
})
