import assert from 'node:assert/strict'
import { request, type RequestOptions } from 'node:http'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import fc from 'fast-check'

import { parseListen } from '../../src/net/listen-address.js'
import { addressRules } from '../../stages/ip_rules/address-rules.js'
import ipRules from '../../stages/ip_rules/index.js'
import { folderOf } from '../support/folder.js'
import { startServer } from '../support/http-server.js'
import { RecordingInputContext } from '../support/input-context.js'
import { optionsOf } from '../support/options.js'

const hello = { handle: (exchange: { reply(status: number, body: string): true }) => exchange.reply(200, 'hello') }
const stageOf = (raw: { readonly [name: string]: unknown }) =>
  ipRules.create(optionsOf(ipRules, raw), new RecordingInputContext())

const lets = (allow: readonly string[], deny: readonly string[], address: string): boolean =>
  addressRules({ allow, deny, allow_unix: true })(address)

describe('the ip_rules stage', () => {
  test('who is denied is kept out, and with an allow list so is everybody who is not on it', () => {
    const rules: readonly (readonly [readonly string[], readonly string[], string, boolean])[] = [
      [[], [], '203.0.113.9', true],
      [[], ['203.0.113.0/24'], '203.0.113.9', false],
      [[], ['203.0.113.0/24'], '203.0.114.9', true],
      [['10.0.0.0/8'], [], '10.255.0.1', true],
      [['10.0.0.0/8'], [], '11.0.0.1', false],
      [['10.0.0.0/8'], ['10.0.0.7'], '10.0.0.7', false],
      [['10.0.0.0/8'], [], '::1', false],
      [['fd00::/8'], [], 'fdab::1', true],
      [['fd00::/8'], [], 'fe80::1', false],
      [['fe80::/10'], [], 'fe80::1%eth0', true],
      [['0.0.0.0/0'], [], '203.0.113.9', true],
      [['0.0.0.0/0'], [], '2001:db8::1', false],
      [['::/0'], [], '203.0.113.9', false],
      [[], ['2001:DB8::1'], '2001:db8:0::1', false],
    ]
    for (const [allow, deny, address, expected] of rules)
      assert.equal(lets(allow, deny, address), expected, `${allow.join()} / ${deny.join()}: ${address}`)
  })

  test('an IPv4 address is the same however IPv6 writes it, in rules and of clients', () => {
    for (const rule of ['10.1.0.0/16', '::ffff:10.1.0.0/112', '::FFFF:10.1.0.0/112']) {
      for (const address of ['10.1.2.3', '::ffff:10.1.2.3']) assert.equal(lets([rule], [], address), true)
      for (const address of ['10.2.2.3', '::ffff:10.2.2.3']) assert.equal(lets([rule], [], address), false)
    }
  })

  test('a network holds the addresses that begin with its bits, and no other', () => {
    const bits = fc.bigInt({ min: 0n, max: 2n ** 32n - 1n })
    const text = (number: bigint): string => [24n, 16n, 8n, 0n].map((shift) => (number >> shift) & 255n).join('.')
    fc.assert(
      fc.property(bits, bits, fc.nat(32), (network, other, length) => {
        const shift = BigInt(32 - length)
        const near = ((network >> shift) << shift) | (other & ((1n << shift) - 1n))
        const rule = `${text(network)}/${length}`
        assert.ok(lets([rule], [], text(near)))
        assert.equal(lets([rule], [], text(other)), other >> shift === network >> shift)
      }),
    )
  })

  test('what is no address or network is told with its option', () => {
    for (const text of [
      '',
      'localhost',
      '10.0.0.0/33',
      '10.0.0.0/',
      '10.0.0/8',
      '10.0.0.0/8/8',
      '::1/129',
      '10.0.0.0/-1',
      'fe80::1%eth0',
      '::ffff:10.0.0.0/8',
    ])
      assert.throws(
        () => stageOf({ deny: [text] }),
        { code: 'NET_NETWORK', message: /^deny: expected an address/ },
        text,
      )
  })

  test('the connection of an address that is denied is closed, and nothing is served', async (t) => {
    const { port, context } = await startServer(t, { stages: [stageOf({ deny: '127.0.0.0/8' }), hello] })
    assert.equal(await statusOf({ port }), 'closed')
    assert.deepEqual(context.counted, { refused_denied_address: 1 })
    const open = await startServer(t, { stages: [stageOf({ allow: '127.0.0.1' }), hello] })
    assert.equal(await (await fetch(open.url)).text(), 'hello')
  })

  test('with a path, requests to it alone are refused', async (t) => {
    const stage = stageOf({ path: '/admin', allow: '10.0.0.0/8' })
    const { url, context } = await startServer(t, { stages: [{ id: 'a', path: '/admin', stage }, hello] })
    assert.equal((await fetch(`${url}/admin/x`)).status, 403)
    assert.equal((await fetch(`${url}/`)).status, 200)
    assert.deepEqual(context.counted, { refused_denied_address: 1 })
  })

  test('who comes over a unix socket is let in, unless the file says otherwise', async (t) => {
    const folder = folderOf(t, {})
    const serve = async (name: string, raw: { readonly [name: string]: unknown }): Promise<string> => {
      const path = join(folder, name)
      await startServer(t, { listen: [parseListen(`unix:${path}`, 0)], stages: [stageOf(raw), hello] })
      return path
    }
    assert.equal(await statusOf({ socketPath: await serve('a', { allow: '10.0.0.0/8' }) }), 200)
    assert.equal(await statusOf({ socketPath: await serve('b', { allow_unix: 'off' }) }), 'closed')
  })
})

/** The status of `/`, or that it hung up. `fetch` would connect again and again to a server that hangs up. */
function statusOf(server: RequestOptions): Promise<number | 'closed' | undefined> {
  return new Promise((resolve) => {
    request({ ...server, host: '127.0.0.1', agent: false }, (answer) => resolve(answer.resume().statusCode))
      .once('error', () => resolve('closed'))
      .end()
  })
}
