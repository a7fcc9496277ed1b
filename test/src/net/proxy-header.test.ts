import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'

import { canonicalAddress } from '../../../src/net/network.js'
import { parseProxyHeader } from '../../../src/net/proxy-header.js'
import { binaryHeader, signature } from '../../support/proxy-header.js'

type Client = { readonly address: string; readonly port: number } | undefined

const ofIpv4 = { address: '192.0.2.7', port: 56_324 }
const ofIpv6 = { address: '2001:db8::7', port: 443 }
const ipv4 = 'c0000207 0a00000b dc04 01bb'
const ipv6 = `20010db8000000000000000000000007 fd00000000000000000000000000000b 01bb 1f90`
const mapped = `00000000000000000000ffffc0000207 ${'0'.repeat(32)} dc04 0000`
const path = '2f'.padEnd(216, '0')

/** Each is a header and nothing else. */
const headers: readonly (readonly [bytes: Buffer, client: Client])[] = [
  [Buffer.from('PROXY TCP4 192.0.2.7 10.0.0.11 56324 443\r\n'), ofIpv4],
  [
    Buffer.from('PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535\r\n'),
    { address: '255.255.255.255', port: 65_535 },
  ],
  [Buffer.from('PROXY TCP6 2001:DB8:0:0::7 fd00::b 443 0\r\n'), ofIpv6],
  [Buffer.from('PROXY TCP6 ::ffff:192.0.2.7 fd00::b 56324 0\r\n'), ofIpv4],
  [Buffer.from('PROXY UNKNOWN\r\n'), undefined],
  [Buffer.from(`PROXY UNKNOWN ${'ffff:'.repeat(7)}ffff ${'ffff:'.repeat(7)}ffff 65535 65535\r\n`), undefined],
  [Buffer.from('PROXY UNKNOWN \r \n what ever\r\n'), undefined],
  [binaryHeader(0x21, 0x11, ipv4), ofIpv4],
  [binaryHeader(0x21, 0x21, ipv6), ofIpv6],
  [binaryHeader(0x21, 0x21, mapped), ofIpv4],
  // With what else there may be: PP2_TYPE_NOOP, and PP2_TYPE_AUTHORITY (sections 2.2.4, 2.2.2).
  [binaryHeader(0x21, 0x11, `${ipv4} 04 0003 000000 02 0005 6c6f63616c`), ofIpv4],
  [binaryHeader(0x21, 0x11, `${ipv4}${'00'.repeat(4096 - 12)}`), ofIpv4],
  [binaryHeader(0x20, 0x00, ''), undefined],
  [binaryHeader(0x20, 0x11, ipv4), undefined],
  [binaryHeader(0x20, 0xff, '0102'), undefined],
  [binaryHeader(0x21, 0x00, ''), undefined],
  [binaryHeader(0x21, 0x00, '040000'), undefined],
  [binaryHeader(0x21, 0x12, ipv4), undefined],
  [binaryHeader(0x21, 0x22, ipv6), undefined],
  [binaryHeader(0x21, 0x31, `${path}${path}`), undefined],
  [binaryHeader(0x21, 0x10, ''), undefined],
]

const malformed: readonly Buffer[] = [
  ...[
    'GET / HTTP/1.1\r\n',
    'proxy TCP4 192.0.2.7 10.0.0.11 56324 443\r\n',
    'PROXY TCP4 192.0.2.7 10.0.0.11 56324 443\n\r\n',
    'PROXY  TCP4 192.0.2.7 10.0.0.11 56324 443\r\n',
    'PROXY TCP4 192.0.2.7 10.0.0.11 56324  443\r\n',
    'PROXY TCP4 192.0.2.7 10.0.0.11 56324 443 \r\n',
    'PROXY TCP4 192.0.2.7 10.0.0.11 56324\r\n',
    'PROXY TCP4 192.0.2.07 10.0.0.11 56324 443\r\n',
    'PROXY TCP4 192.0.2.256 10.0.0.11 56324 443\r\n',
    'PROXY TCP4 192.0.2.7 10.0.11 56324 443\r\n',
    'PROXY TCP4 192.0.2.7 10.0.0.11 056324 443\r\n',
    'PROXY TCP4 192.0.2.7 10.0.0.11 65536 443\r\n',
    'PROXY TCP4 192.0.2.7 10.0.0.11 -1 443\r\n',
    'PROXY TCP4 2001:db8::7 fd00::b 56324 443\r\n',
    'PROXY TCP6 192.0.2.7 10.0.0.11 56324 443\r\n',
    'PROXY TCP6 fe80::1%eth0 fd00::b 443 0\r\n',
    'PROXY TCP5 192.0.2.7 10.0.0.11 56324 443\r\n',
    'PROXY UNKNOWNS\r\n',
    'PROXY \r\n',
    `PROXY UNKNOWN ${'x'.repeat(92)}\r\n`,
  ].map((text) => Buffer.from(text)),
  binaryHeader(0x22, 0x11, ipv4),
  binaryHeader(0x11, 0x11, ipv4),
  binaryHeader(0x31, 0x11, ipv4),
  binaryHeader(0x21, 0x41, ipv4),
  binaryHeader(0x21, 0x13, ipv4),
  binaryHeader(0x21, 0x11, ipv4.slice(0, -2)),
  binaryHeader(0x21, 0x21, ipv4),
  binaryHeader(0x21, 0x31, path),
  binaryHeader(0x20, 0x00, '00'.repeat(4097)),
]

/** Bytes that cannot become a header, whatever came behind them. */
const hopeless = [
  'G',
  'PROXI',
  '\r\nG',
  '\r\n\r\n\0\r\nQUIT\r',
  '\r\n\r\n\0\r\nQUIT\n\0',
  `PROXY UNKNOWN ${'x'.repeat(93)}`,
]

describe('a header of the PROXY protocol', () => {
  test('tells its length and the client, whatever comes behind it', () => {
    for (const [bytes, client] of headers) {
      const expected = { bytes: bytes.length, client }
      for (const behind of ['', 'GET', '\r\n', '\r\n\r\n\0']) {
        const found = parseProxyHeader(Buffer.concat([bytes, Buffer.from(behind)]))
        assert.deepEqual(found, expected, bytes.toString('latin1'))
      }
    }
  })

  test('is waited for wherever it is cut off', () => {
    for (const [bytes] of headers)
      for (let length = 0; length < bytes.length; length++)
        assert.equal(parseProxyHeader(bytes.subarray(0, length)), 'partial', `${length} of ${bytes.toString('latin1')}`)
  })

  test('is malformed where it is not to the letter, and stays so', () => {
    for (const bytes of malformed) {
      assert.equal(parseProxyHeader(bytes), 'malformed', bytes.toString('latin1'))
      assert.equal(parseProxyHeader(Buffer.concat([bytes, Buffer.from('\r\n')])), 'malformed')
    }
  })

  test('is malformed as soon as it cannot become one', () => {
    for (const text of hopeless) assert.equal(parseProxyHeader(Buffer.from(text, 'latin1')), 'malformed', text)
  })

  test('gives back every address and port that was written into it', () => {
    const end = fc.record({ address: fc.oneof(fc.ipV4(), fc.ipV6()), port: fc.nat(65_535) })
    fc.assert(
      fc.property(end, ({ address, port }) => {
        const client = { address: canonicalAddress(address) ?? '', port }
        const [family, here] = address.includes(':') ? ['TCP6', '::1'] : ['TCP4', '127.0.0.1']
        const text = `PROXY ${family} ${address} ${here} ${port} 1\r\n`
        assert.deepEqual(parseProxyHeader(Buffer.from(text)), { bytes: text.length, client })
      }),
    )
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 4, maxLength: 4 }), fc.nat(65_535), (bytes, port) => {
        const block = `${Buffer.from(bytes).toString('hex')} 7f000001 ${port.toString(16).padStart(4, '0')} 0001`
        const client = { address: bytes.join('.'), port }
        assert.deepEqual(parseProxyHeader(binaryHeader(0x21, 0x11, block)), { bytes: 28, client })
      }),
    )
  })

  test('is told the same of any bytes however they come, and no later than its last byte', () => {
    const binary = signature.toString('latin1')
    const begun = fc.constantFrom('', 'PROXY ', 'PROXY TCP4 1.2.3.4 1.2.3.4 1 1', binary, `${binary}\x21\x11\0\x0c`)
    const bytes = fc
      .tuple(begun, fc.uint8Array({ maxLength: 200 }))
      .map(([text, rest]) => Buffer.concat([Buffer.from(text, 'latin1'), rest]))
    fc.assert(
      fc.property(bytes, (all) => {
        const found = Array.from({ length: all.length + 1 }, (_, length) => parseProxyHeader(all.subarray(0, length)))
        const first = found.findIndex((each) => each !== 'partial')
        const settled = first < 0 ? [] : found.slice(first)
        for (const each of settled) assert.deepEqual(each, settled[0])
        const [header] = settled
        if (typeof header === 'object') assert.equal(header.bytes, first)
      }),
    )
  })
})
