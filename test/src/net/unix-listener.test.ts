import assert from 'node:assert/strict'
import { lstatSync } from 'node:fs'
import { Server } from 'node:net'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'

import { parseListen } from '../../../src/net/listen-address.js'
import { openListeners } from '../../../src/net/open-listener.js'
import { folderOf } from '../../support/folder.js'

/** Permissions of a socket as soon as it listens, and once it is handed out. */
async function modesOf(t: TestContext, words: string): Promise<readonly [first: number, last: number]> {
  const path = join(folderOf(t, {}), 'a.sock')
  const modes: number[] = []
  // oxlint-disable-next-line typescript/unbound-method -- called with its server below
  const { listen } = Server.prototype
  t.mock.method(Server.prototype, 'listen', function (this: Server, ...args: Parameters<Server['listen']>) {
    listen.apply(this, args)
    modes.push(permissions(path))
    return this
  })
  const parts = { connected: () => undefined, failed: (error: Error) => assert.ifError(error) }
  const listeners = await openListeners({ ...parts, address: parseListen(`unix:${path} ${words}`.trim(), 0) })
  t.after(() => listeners.forEach((listener) => listener.close()))
  assert.equal(modes.length, 1)
  return [modes[0] ?? Number.NaN, permissions(path)]
}

function permissions(path: string): number {
  return lstatSync(path).mode & 0o777
}

for (const words of ['mode=0620', `mode=0640 owner=${process.getuid?.()}`, 'mode=0600']) {
  test(`there is no moment in which others may connect to a unix socket (${words})`, async (t) => {
    const [first, last] = await modesOf(t, words)
    assert.equal(first & 0o077, 0)
    assert.equal(last, Number.parseInt(words.slice(5, 9), 8))
  })
}

test('a unix socket that nothing is said of has what the umask leaves, which is as it was', async (t) => {
  const umask = process.umask(0o027)
  t.after(() => process.umask(umask))
  assert.deepEqual((await modesOf(t, ''))[1], 0o750)
  assert.equal(process.umask(0o027), 0o027)
})
