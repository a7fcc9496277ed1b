import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { forwardListening, numberedEntries, packed } from '../../support/forward-input.js'
import { proxied, proxyHeader } from '../../support/proxy-header.js'

/** An input behind a proxy, and clients that come through it. */
async function behindProxy(t: TestContext, raw: object = {}) {
  const { client, context } = await forwardListening(t, { ...proxied, ...raw })
  const from = async (address: string, bytes: Buffer) => {
    const sender = await client()
    sender.send(Buffer.concat([proxyHeader(address), bytes]))
    return sender
  }
  return { client, context, from }
}

const message = (chunk: string): Buffer => packed('t', numberedEntries(1), { chunk })

describe('forward input behind a proxy that tells its clients', () => {
  it('puts the address of the client in the events, and reads on behind the header', async (t) => {
    const { context, from } = await behindProxy(t, { source_address_key: 'from' })
    await (await from('192.0.2.7', message('one'))).until(/ack.*one/)
    await (await from('192.0.2.8', message('two'))).until(/ack.*two/)
    const seen = context.records.map((record) => record['from'])
    assert.deepEqual(seen, ['192.0.2.7', '192.0.2.8'])
  })

  it('tells the address of the client in the log, not that of the proxy', async (t) => {
    const { context, from } = await behindProxy(t)
    await (
      await from('192.0.2.7', Buffer.from('GET / HTTP/1.1\r\n'))
    ).closed
    const { fields } = await context.log.line('closed a connection: not_forward')
    assert.equal(fields?.['from'], '192.0.2.7')
  })

  it('limits the connections of each client, and not those of the proxy', async (t) => {
    const { context, from } = await behindProxy(t, { max_connections_per_address: 1 })
    await (await from('192.0.2.7', message('one'))).until(/one/)
    assert.equal(await (await from('192.0.2.7', message('two'))).closed, '')
    await (await from('192.0.2.8', message('three'))).until(/three/)
    assert.deepEqual([context.events.length, context.counted], [2, { refused_too_many_connections_of_address: 1 }])
  })

  it('closes a client that comes without a header, and takes nothing of it', async (t) => {
    const { context, client } = await behindProxy(t)
    const bare = await client()
    bare.send(message('one'))
    assert.equal(await bare.closed, '')
    assert.deepEqual([context.events, context.counted], [[], { refused_bad_proxy_header: 1 }])
  })
})
