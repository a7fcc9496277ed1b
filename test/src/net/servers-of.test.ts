import assert from 'node:assert/strict'
import { test } from 'node:test'

import { serversOf } from '../../../src/net/servers-of.js'
import type { Target } from '../../../src/net/target.js'

interface Given {
  readonly host: string
  readonly port: number
  readonly servers: readonly string[] | undefined
}

const given: Given = { host: 'single', port: 24224, servers: undefined }
const targetOf = ({ host, port }: Given): Target => ({ host, port })

function named(...servers: readonly string[]) {
  return serversOf({ ...given, servers }, targetOf)
}

test('without servers there is one, at host and port', () => {
  assert.deepEqual(serversOf(given, targetOf), [
    {
      where: 'single:24224',
      target: { host: 'single', port: 24224 },
      weight: 1,
      isStandby: false,
      options: given,
    },
  ])
})

test('a server is read as it is meant', () => {
  const rows = [
    ['gw1', 'gw1:24224', { host: 'gw1', port: 24224 }, 1, false],
    ['gw1.example:80', 'gw1.example:80', { host: 'gw1.example', port: 80 }, 1, false],
    ['10.0.0.1:81 weight=20', '10.0.0.1:81', { host: '10.0.0.1', port: 81 }, 20, false],
    ['[::1]:8443 standby', '[::1]:8443', { host: '::1', port: 8443 }, 1, true],
    ['[fe80::1%eth0]', '[fe80::1%eth0]:24224', { host: 'fe80::1%eth0', port: 24224 }, 1, false],
    ['  gw2   standby  weight=3 ', 'gw2:24224', { host: 'gw2', port: 24224 }, 3, true],
    ['unix:/run/f.sock weight=2', '/run/f.sock', { path: '/run/f.sock' }, 2, false],
  ] as const
  for (const [text, where, target, weight, isStandby] of rows) {
    const [server] = named(text)
    const { options, ...rest } = server ?? assert.fail()
    assert.deepEqual(rest, { where, target, weight, isStandby }, text)
    if ('host' in target) assert.deepEqual(targetOf(options), target, text)
  }
})

test('what is no server is refused, and so is the same one twice', () => {
  for (const text of ['', 'a b', 'gw1:0', 'gw1:70000', 'http://gw1', 'gw1/path', '::1', 'gw1 weight=0', 'unix:f.sock'])
    assert.throws(() => named(text), { code: 'NET_SERVERS' }, text)
  assert.throws(() => named(), { code: 'NET_SERVERS' })
  assert.throws(() => named('gw1', 'gw1:24224'), /"gw1:24224" is there twice/)
})
