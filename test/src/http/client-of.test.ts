import assert from 'node:assert/strict'
import { test } from 'node:test'

import { clientOf } from '../../../src/http/client-of.js'

test('a client is its IPv4 address, or the network of its IPv6 address', () => {
  const named: readonly (readonly [string, string])[] = [
    ['192.0.2.7', '192.0.2.7'],
    ['', ''],
    ['::1', '0:0:0:0::/64'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8:1:2::', '2001:db8:1:2::/64'],
    ['2001:db8::5:6', '2001:db8:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['64:ff9b::192.0.2.33', '64:ff9b:0:0::/64'],
  ]
  for (const [address, expected] of named) assert.equal(clientOf({ clientAddress: address }), expected, address)
})
