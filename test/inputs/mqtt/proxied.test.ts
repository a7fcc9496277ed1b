import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { connect, packet, publish } from '../../support/mqtt-bytes.js'
import { hears, mqttListener } from '../../support/mqtt-listener.js'
import { proxied, proxyHeader } from '../../support/proxy-header.js'

const welcome = '20 02 00 00'
const pong = 'd0 00'

/** A broker's side behind a proxy, and clients that come through it. */
async function behindProxy(t: TestContext, raw: object = {}) {
  const { client, context } = await mqttListener(t, { ...proxied, ...raw })
  const from = async (address: string, bytes: Buffer) => {
    const device = await client()
    device.send(Buffer.concat([proxyHeader(address), bytes]))
    return device
  }
  return { context, from }
}

describe('mqtt input behind a proxy that tells its clients', () => {
  it('reads the packets behind the header, however they come', async (t) => {
    const { context, from } = await behindProxy(t)
    const device = await from('192.0.2.7', Buffer.concat([connect(), publish()]))
    await context.received(1)
    device.send(packet(0xc0))
    await hears(device, welcome + pong)
    assert.deepEqual(context.records, [{ topic: 'a/b', x: 1 }])
  })

  it('tells the address of the client in the log, not that of the proxy', async (t) => {
    const { context, from } = await behindProxy(t)
    const device = await from('192.0.2.7', Buffer.concat([connect(), packet(0xf0)]))
    await device.closed
    const { fields } = await context.log.line('ending a connection')
    assert.deepEqual([fields?.['from'], fields?.['client']], ['192.0.2.7', 'device'])
  })

  it('limits the connections of each client, and not those of the proxy', async (t) => {
    const { context, from } = await behindProxy(t, { max_connections_per_address: 1 })
    await hears(await from('192.0.2.7', connect({ id: 'a' })), welcome)
    assert.equal(await (await from('192.0.2.7', connect({ id: 'b' }))).closed, '')
    await hears(await from('192.0.2.8', connect({ id: 'c' })), welcome)
    assert.deepEqual(context.counted, { refused_too_many_connections_of_address: 1 })
  })

  it('closes a client that comes without a header, and says so', async (t) => {
    const { client, context } = await mqttListener(t, proxied)
    const bare = await client()
    bare.send(connect())
    assert.equal(await bare.closed, '')
    assert.deepEqual(context.counted, { refused_bad_proxy_header: 1 })
  })
})
