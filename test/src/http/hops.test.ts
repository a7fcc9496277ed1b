import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'

import { hopsOf } from '../../../src/http/hops.js'
import { TrustedProxies } from '../../../src/net/trusted-proxies.js'

const trusted = new TrustedProxies(['10.0.0.0/8', 'fd00::/8'])
const peer = '10.0.0.1'
const older = (value: string): readonly string[] => hopsOf(value, peer, { trusted, header: 'x-forwarded-for' })
const newer = (value: string): readonly string[] => hopsOf(value, peer, { trusted, header: 'forwarded' })

type Case = readonly [value: string, hops: readonly string[]]

function check(read: (value: string) => readonly string[], cases: readonly Case[]): void {
  for (const [value, hops] of cases) assert.deepEqual(read(value), [...hops, peer], value)
}

describe('who is behind trusted proxies', () => {
  test('is the last one in X-Forwarded-For that is no trusted proxy', () => {
    check(older, [
      ['', []],
      ['192.0.2.7', ['192.0.2.7']],
      ['192.0.2.7, 10.1.1.1', ['192.0.2.7', '10.1.1.1']],
      ['192.0.2.7,10.1.1.1 ,\t10.2.2.2', ['192.0.2.7', '10.1.1.1', '10.2.2.2']],
      ['203.0.113.9, 192.0.2.7, 10.1.1.1', ['192.0.2.7', '10.1.1.1']],
      ['10.3.3.3, 192.0.2.7', ['192.0.2.7']],
      ['10.1.1.1, 10.2.2.2', ['10.1.1.1', '10.2.2.2']],
      ['192.0.2.7:4711', ['192.0.2.7']],
      ['2001:DB8:0::7', ['2001:db8::7']],
      ['[2001:db8::7]:4711, fd00::1', ['2001:db8::7', 'fd00::1']],
      ['::ffff:192.0.2.7', ['192.0.2.7']],
      ['::ffff:c000:207, , ::ffff:10.1.1.1,', ['192.0.2.7', '10.1.1.1']],
    ])
  })

  test('is the last one in Forwarded, however its parameters are written', () => {
    check(newer, [
      ['for=192.0.2.7', ['192.0.2.7']],
      ['For="192.0.2.7:80";Proto=http;by=10.0.0.1', ['192.0.2.7']],
      ['by=10.0.0.1 ; for="[2001:db8:cafe::17]:_port"', ['2001:db8:cafe::17']],
      ['for=192.0.2.7;;proto=http;', ['192.0.2.7']],
      ['for=203.0.113.9, for=192.0.2.7, for="[fd00::1]"', ['192.0.2.7', 'fd00::1']],
      [String.raw`for=192.0.2.7;host="a\", for=203.0.113.9,\"b\\"`, ['192.0.2.7']],
    ])
  })

  test('is whoever tells so, where a proxy tells of no address', () => {
    check(older, [
      ['unknown', []],
      ['localhost', []],
      ['192.0.2', []],
      ['192.0.2.256', []],
      ['192.0.2.7:port', []],
      ['fe80::1%eth0', []],
      ['192.0.2.7, unknown, 10.1.1.1', ['10.1.1.1']],
      ['for=192.0.2.7', []],
    ])
    check(newer, [
      ['for=unknown', []],
      ['for=_hidden', []],
      ['for="_hidden:80"', []],
      ['proto=http', []],
      ['for=192.0.2.7;for=192.0.2.8', []],
      ['for=192.0.2.7 proto=http', []],
      ['for="192.0.2.7', []],
      ['for=192.0.2.7;host="a', []],
      ['192.0.2.7', []],
      ['for=192.0.2.7, for=unknown, for=10.1.1.1', ['10.1.1.1']],
    ])
  })

  test('is not for a client to say: nothing that it writes in front changes what is read behind it', () => {
    const lies = fc.oneof(
      fc.string({ maxLength: 40 }),
      fc.array(fc.constantFrom('"', '\\', ',', ';', '=', 'for=', '10.9.9.9', ' ', '[', 'x'), { maxLength: 20 }),
    )
    fc.assert(
      fc.property(lies, fc.ipV4(), fc.boolean(), (lie, address, isBehindTwo) => {
        const text = [lie].flat().join('')
        const others = isBehindTwo ? ['10.1.1.1'] : []
        fc.pre(!trusted.has(address))
        check(older, [[[text, address, ...others].join(', '), [address, ...others]]])
        const nodes = [address, ...others].map((each) => `for=${each};host="a\\"b, c";proto=http`)
        check(newer, [[[text, ...nodes].join(', '), [address, ...others]]])
      }),
    )
  })

  test('is found in the longest header that there can be', () => {
    for (const [element, hops] of [
      ['10.1.1.1,', Math.floor(16_384 / 9) + 1],
      ['",', 1],
      ['\\",', 1],
      [';;,', 1],
    ] as const)
      assert.equal(older(element.repeat(Math.floor(16_384 / element.length))).length, hops, element)
    assert.equal(newer('for="10.1.1.1",'.repeat(1000)).length, 1001)
    assert.equal(newer(`for=10.1.1.1${';'.repeat(16_000)}=`).length, 1)
  })
})
