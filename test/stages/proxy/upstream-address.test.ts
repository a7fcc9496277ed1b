import assert from 'node:assert/strict'
import { test } from 'node:test'

import { parseUpstream } from '../../../stages/proxy/upstream-address.js'

test('an address of an upstream is read as it is meant, or refused', () => {
  const rows = [
    ['http://plc', 'http://plc:80', 'plc', 1],
    ['https://[::1]:8443/', 'https://[::1]:8443', '[::1]:8443', 1],
    ['http://10.0.0.1:81 weight=20', 'http://10.0.0.1:81', '10.0.0.1:81', 20],
    ['unix:/run/a b.sock', undefined],
    ['unix:/run/a.sock weight=2', 'unix:/run/a.sock', 'localhost', 2],
    ['https://plc:8443 weight=2 standby', 'https://plc:8443', 'plc:8443', 2, true],
    ['http://plc/path', undefined],
    ['http://user:pw@plc', undefined],
    ['http://plc:70000', undefined],
    ['plc:80', undefined],
    ['http://plc weight=0', undefined],
  ] as const
  for (const [text, origin, host, weight, isStandby = false] of rows) {
    if (origin === undefined) assert.throws(() => parseUpstream(text), { code: 'PROXY_UPSTREAM' }, text)
    else {
      const parsed = parseUpstream(text)
      assert.deepEqual([parsed.origin, parsed.host, parsed.weight, parsed.isStandby], [origin, host, weight, isStandby])
    }
  }
})
