import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { getEventListeners, once } from 'node:events'
import { existsSync, statSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { createServer } from 'node:net'
import { networkInterfaces, userInfo } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

import { serveHttp, type Stage } from '../../../src/http/index.js'
import { parseListen } from '../../../src/net/listen-address.js'
import { handedOver } from '../../../src/net/systemd-listener.js'
import { folderOf } from '../../support/folder.js'
import { defaultLimits, startServer } from '../../support/http-server.js'
import { RecordingInputContext } from '../../support/input-context.js'
import { peer } from '../../support/peers.js'
import { freePort } from '../../support/ports.js'
import { startProcess } from '../../support/process.js'
import { run } from '../../support/program.js'

const { path: curl, skip } = peer('curl')
const activate = peer('systemd-socket-activate')
const noIpv6 = Object.values(networkInterfaces()).some((each) => each?.some(({ address }) => address === '::1'))
  ? false
  : 'there is no IPv6 here'

/** Tells who came, and where to. */
const stage: Stage = {
  handle: (exchange) => exchange.reply(200, `${exchange.connection.address} at ${exchange.connection.listener}`),
}

/** What `serveHttp` throws that listens on this address. */
async function refusalOf(address: string): Promise<string> {
  const settings = { listen: [parseListen(address, 0)], limits: defaultLimits, stages: [] }
  const error = await serveHttp(settings, new RecordingInputContext(), new AbortController().signal).catch((e) => e)
  assert.equal(error.code, 'NET_LISTEN')
  return error.message
}

const addresses: readonly (readonly [text: string, address: object])[] = [
  ['0.0.0.0', { host: '0.0.0.0', port: 80 }],
  ['panel.example:8080', { host: 'panel.example', port: 8080 }],
  ['::1', { host: '::1', port: 80 }],
  ['[::1]:8080', { host: '::1', port: 8080 }],
  ['[fe80::1%eth0]', { host: 'fe80::1%eth0', port: 80 }],
  ['unix:/run/a.sock', { path: '/run/a.sock' }],
  ['unix:/run/a.sock mode=0660', { path: '/run/a.sock', mode: 0o660 }],
  ['unix:/run/a.sock owner=web:web mode=660', { path: '/run/a.sock', mode: 0o660, owner: 'web:web' }],
  ['unix:/run/a.sock owner=:web', { path: '/run/a.sock', owner: ':web' }],
  ['systemd:ingest', { systemd: 'ingest' }],
]

for (const [text, address] of addresses)
  test(`an address may be written as ${text}`, () => assert.deepEqual(parseListen(text, 80), address))

const wrong = ['', 'a b', 'a:65536', 'a:b', 'http://a', 'unix:a', 'unix:/a mode=999', 'unix:/a owner=', 'unix:/a x=1']

for (const text of [...wrong, 'unix:/a mode=17777', 'unix:/a owner=a:b:c', 'systemd:', 'systemd:a b', '[a]:1:2'])
  test(`no address: "${text}"`, () => assert.throws(() => parseListen(text, 80), { code: 'NET_LISTEN_ADDRESS' }))

test('curl comes by IPv4, IPv6 and a unix socket, all at once', { skip: skip || noIpv6 }, async (t) => {
  const path = join(folderOf(t, {}), 'a.sock')
  const listen = [parseListen('127.0.0.1', 0), parseListen('[::1]', 0), parseListen(`unix:${path}`, 0)]
  const { addresses: came } = await startServer(t, { stages: [stage], listen })
  const [ipv4 = '', ipv6 = '', unix = ''] = came
  assert.equal((await run(curl, ['-sS', `http://${ipv4}`])).output, `127.0.0.1 at ${ipv4}`)
  assert.equal((await run(curl, ['-sS', '-g', `http://${ipv6}`])).output, `::1 at ${ipv6}`)
  assert.equal((await run(curl, ['-sS', '--unix-socket', path, 'http://any'])).output, ` at ${unix}`)
  assert.equal(unix, `unix:${path}`)
})

test('an IPv4 client of a socket for both is known by its IPv4 address', { skip: noIpv6 }, async (t) => {
  const { port } = await startServer(t, { stages: [stage], listen: [parseListen('::', 0)] })
  assert.match(await (await fetch(`http://127.0.0.1:${port}`)).text(), /^127\.0\.0\.1 at \[::\]/)
})

test('a unix socket has the mode and owner that it is to have, and goes when the server stops', async (t) => {
  const path = join(folderOf(t, {}), 'a.sock')
  const { username, uid, gid } = userInfo()
  const listen = [parseListen(`unix:${path} mode=0620 owner=${username}:${gid}`, 0)]
  const server = await startServer(t, { stages: [stage], listen })
  const made = statSync(path)
  assert.deepEqual([made.mode & 0o777, made.uid, made.gid], [0o620, uid, gid])
  await server.stop()
  assert.ok(!existsSync(path))
})

test('an owner that there is not is an error, and leaves no socket', async (t) => {
  const path = join(folderOf(t, {}), 'a.sock')
  assert.match(await refusalOf(`unix:${path} owner=no-such-user`), /there is no user "no-such-user"/)
  assert.match(await refusalOf(`unix:${path} owner=:no-such-group`), /there is no group "no-such-group"/)
  assert.ok(!existsSync(path))
})

test('a unix socket that a killed process left behind is taken over', { skip }, async (t) => {
  const path = join(folderOf(t, {}), 'a.sock')
  const listening = `require('net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`
  await once(spawn(process.execPath, ['-e', listening], { stdio: 'ignore' }), 'exit')
  assert.ok(existsSync(path))
  await startServer(t, { stages: [stage], listen: [parseListen(`unix:${path}`, 0)] })
  assert.match((await run(curl, ['-sS', '--unix-socket', path, 'http://any'])).output, / at unix:/)
})

test('a unix socket that somebody answers on is left alone, and so is a file', async (t) => {
  const folder = folderOf(t, { file: 'precious' })
  const path = join(folder, 'a.sock')
  const other = createServer().listen(path)
  t.after(() => void other.close())
  await once(other, 'listening')
  assert.match(await refusalOf(`unix:${path}`), /another process listens there/)
  assert.match(await refusalOf(`unix:${join(folder, 'file')}`), /a file that is no socket/)
  assert.ok(existsSync(path) && existsSync(join(folder, 'file')))
})

test('an address that is taken is an error that says which', async (t) => {
  const { port } = await startServer(t, { stages: [stage] })
  assert.match(await refusalOf(`127.0.0.1:${port}`), new RegExp(`^listen on 127.0.0.1:${port}: .*EADDRINUSE`))
})

test('sockets that systemd opened serve by their names', { skip: skip || activate.skip || noIpv6 }, async (t) => {
  const path = join(folderOf(t, {}), 'a.sock')
  const ports = [await freePort(), await freePort()]
  const sockets = [`127.0.0.1:${ports[0]}`, `[::1]:${ports[1]}`, path].flatMap((each) => ['-l', each])
  const program = fileURLToPath(new URL('../../support/activated-server.js', import.meta.url))
  const words = [...sockets, '--fdname=web:web:local', process.execPath, program, 'web', 'local']
  const activated = await startProcess(activate.path, words, { ready: /Listening on .*a\.sock/ })
  t.after(() => activated.stop())
  assert.equal((await run(curl, ['-sS', '--unix-socket', path, 'http://a'])).output, 'systemd:local')
  assert.equal((await run(curl, ['-sS', `http://127.0.0.1:${ports[0]}`])).output, `127.0.0.1:${ports[0]}`)
  assert.equal((await run(curl, ['-sS', '-g', `http://[::1]:${ports[1]}`])).output, `[::1]:${ports[1]}`)
})

test('sockets of systemd are meant for one process, and have names', () => {
  const env = { LISTEN_PID: '7', LISTEN_FDS: '3', LISTEN_FDNAMES: 'web:admin:web' }
  assert.deepEqual(handedOver('web', env, 7), [3, 5])
  assert.deepEqual(handedOver('web', env, 8), [])
  assert.deepEqual(handedOver('unknown', { LISTEN_PID: '7', LISTEN_FDS: '1' }, 7), [3])
})

test('a name that systemd did not hand over is an error that says what it did', async () => {
  assert.match(await refusalOf('systemd:web'), /^listen on systemd:web: expected a socket .* systemd handed over none/)
})

test('a server that is stopped while it begins leaves nothing listening, and nothing on the signal', async (t) => {
  const folder = folderOf(t, {})
  const listen = [parseListen(`unix:${folder}/first.sock`, 0), parseListen(`unix:${folder}/missing/second.sock`, 0)]
  const stop = new AbortController()
  const settings = { listen, limits: defaultLimits, stages: [] }
  const done = serveHttp(settings, new RecordingInputContext(), stop.signal)
  stop.abort()
  await done
  // As much asked of the file system as it takes to begin with both addresses, and more.
  for (let asked = 0; asked < 20; asked++) await stat(folder)
  assert.equal(existsSync(join(folder, 'first.sock')), false)
  const { signal } = new AbortController()
  await assert.rejects(serveHttp({ ...settings, listen: listen.slice(1) }, new RecordingInputContext(), signal))
  assert.deepEqual(getEventListeners(signal, 'abort'), [])
})
