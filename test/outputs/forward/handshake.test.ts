import { FluentServer } from '@fluent-org/logger'
import { decode, encode } from '@msgpack/msgpack'
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import type { Socket } from 'node:net'
import { hostname } from 'node:os'
import { afterEach, describe, test } from 'node:test'
import forward from '../../../outputs/forward/index.js'
import { challengeOf, type Login } from '../../../outputs/forward/login.js'
import { batchOf } from '../../support/batch.js'
import { FakeClock } from '../../support/fake-clock.js'
import { ForwardPairs, numbered } from '../../support/forward-pairs.js'
import type { ForwardServer } from '../../support/forward-server.js'
import { optionsOf } from '../../support/options.js'
import { RecordingOutputContext } from '../../support/output-context.js'

const forever = new AbortController().signal
const pairs = new ForwardPairs()
const ended: (() => Promise<void>)[] = []

afterEach(async () => {
  for (const end of ended.splice(0)) await end()
})

const sha512 = (text: string): string => createHash('sha512').update(text).digest('hex')

describe('the bytes of the handshake', () => {
  const login: Login = { sharedKey: 'key', hostname: 'gw', user: 'ann', password: 'pw' }

  test('a PING to a server without users has these bytes', () => {
    const { ping } = challengeOf({ nonce: Buffer.from('nonce'), auth: '', keepalive: true }, login, 'salt')
    const expected = [
      '96', // an array of six
      'a450494e47', // "PING"
      'a26777', // "gw"
      'a473616c74', // "salt"
      `d980${Buffer.from(sha512('saltgwnoncekey')).toString('hex')}`, // 128 characters
      'a0a0', // neither user nor digest
    ]
    assert.equal(Buffer.from(ping).toString('hex'), expected.join(''))
  })

  test('a server with users is shown the digest of the password as well', () => {
    const { ping } = challengeOf({ nonce: 'nonce', auth: Buffer.from('as'), keepalive: true }, login, 'salt')
    assert.deepEqual((decode(ping) as string[]).slice(4), ['ann', sha512('asannpw')])
  })

  test('salts that are no text are hashed as the bytes that they are', () => {
    const bytes = Buffer.from('ff00fe80', 'hex')
    const { ping } = challengeOf({ nonce: bytes, auth: bytes, keepalive: true }, login, 'salt')
    const digest = createHash('sha512').update('saltgw').update(bytes).update('key').digest('hex')
    const password = createHash('sha512').update(bytes).update('annpw').digest('hex')
    assert.deepEqual((decode(ping) as string[]).slice(3), [digest, 'ann', password])
  })

  test('each PING has a salt of its own', () => {
    const salts = [0, 1].map(
      () => (decode(challengeOf({ nonce: 'n', auth: '', keepalive: true }, login).ping) as string[])[2],
    )
    assert.notEqual(salts[0], salts[1])
    assert.match(salts[0] ?? '', /^[\da-f]{32}$/)
  })
})

describe('a server written by others', () => {
  async function serverWith(
    users?: Record<string, string>,
  ): Promise<{ readonly server: FluentServer; readonly port: number }> {
    const authorize = { authorize: users !== undefined, userDict: users ?? {} }
    const server = new FluentServer({ security: { serverHostname: 'server', sharedKey: 'secret', ...authorize } })
    await server.listen()
    ended.push(() => server.close())
    return { server, port: server.port ?? 0 }
  }

  for (const [what, users, options] of [
    ['the shared key', undefined, { shared_key: 'secret' }],
    ['the shared key and a user', { ann: 'pw' }, { shared_key: 'secret', username: 'ann', password: 'pw' }],
  ] as const)
    test(`lets in who knows ${what}, and gets every event`, async () => {
      const { server, port } = await serverWith(users)
      const entries: unknown[] = []
      server.on('entry', (_tag: string, _time: unknown, record: unknown) => entries.push(record))
      const output = await pairs.output(port, options)
      await output.flush(numbered(100), forever)
      await output.flush(numbered(1), forever)
      assert.equal(entries.length, 101)
    })

  for (const [what, options] of [
    ['key', { shared_key: 'other', username: 'ann', password: 'pw' }],
    ['user', { shared_key: 'secret', username: 'bob', password: 'pw' }],
    ['password', { shared_key: 'secret', username: 'ann', password: 'no' }],
  ] as const)
    test(`refuses another ${what}, and the error tells its reason but no secret`, async () => {
      const { port } = await serverWith({ ann: 'pw' })
      const output = await pairs.output(port, options)
      await assert.rejects(output.flush(numbered(1), forever), (error: Error & { code?: string }) => {
        assert.equal(error.code, 'FORWARD_REFUSED')
        assert.match(error.message, /the server refuses this client: "[^"]{10,}"/)
        assert.doesNotMatch(error.message, /other|secret|pw/)
        return true
      })
    })
})

/** A server that asks for the key `secret`. */
async function asking(helo: object = {}): Promise<ForwardServer> {
  const server = await pairs.server()
  server.greet = (socket) => void socket.write(encode(['HELO', { nonce: 'nonce', auth: '', keepalive: true, ...helo }]))
  server.pinged = ([, , salt], socket) => welcome(socket, salt)
  return server
}

function pongOf(salt: unknown, name = 'server', key = 'secret'): Uint8Array {
  return encode(['PONG', true, '', name, sha512(`${String(salt)}${name}nonce${key}`)])
}

function welcome(socket: Socket, salt: unknown): void {
  socket.write(pongOf(salt))
}

describe('a server that asks for a key', () => {
  const options = { shared_key: 'secret' }

  test('is told the name of the machine, or what the options say', async () => {
    for (const [more, expected] of [
      [{}, hostname()],
      [{ self_hostname: 'gw-7' }, 'gw-7'],
    ] as const) {
      const server = await asking()
      let told: unknown
      server.pinged = ([, name, salt], socket) => {
        told = name
        welcome(socket, salt)
      }
      await (await pairs.output(server.port, { ...options, ...more })).flush(numbered(1), forever)
      assert.equal(told, expected)
    }
  })

  test('is refused where it does not know the key itself', async () => {
    const server = await asking()
    server.pinged = ([, , salt], socket) => void socket.write(pongOf(salt, 'server', 'guess'))
    const output = await pairs.output(server.port, options)
    await assert.rejects(output.flush(numbered(1), forever), /the server does not know the shared key/)
    assert.equal(server.events.length, 0)
  })

  test("is refused where it sends this side's own name and digest back", async () => {
    const server = await asking()
    server.pinged = ([, name, , digest], socket) => void socket.write(encode(['PONG', true, '', name, digest]))
    const output = await pairs.output(server.port, { ...options, self_hostname: 'gw' })
    await assert.rejects(
      output.flush(numbered(1), forever),
      /calls itself "gw" too; give another name in self_hostname/,
    )
  })

  test('may close the connection instead of a PONG, as Fluent Bit does', async () => {
    const server = await asking()
    server.pinged = (_ping, socket) => void socket.destroy()
    const output = await pairs.output(server.port, options)
    await assert.rejects(output.flush(numbered(1), forever), /closed the connection when it was shown the key/)
  })

  test('may send its part in single bytes', async () => {
    const server = await asking()
    const trickle = async (socket: Socket, bytes: Uint8Array): Promise<void> => {
      for (const byte of bytes) await new Promise((resolve) => socket.write(Buffer.of(byte), resolve))
    }
    server.greet = (socket) => void trickle(socket, encode(['HELO', { nonce: 'nonce', auth: null, keepalive: true }]))
    server.pinged = ([, , salt], socket) => void trickle(socket, pongOf(salt))
    await (await pairs.output(server.port, options)).flush(numbered(1), forever)
    assert.equal(server.events.length, 1)
  })

  test('may want a connection for each delivery', async () => {
    const server = await asking({ keepalive: false })
    const output = await pairs.output(server.port, options)
    for (let flush = 0; flush < 2; flush++) await output.flush(numbered(1), forever)
    assert.equal(server.connections, 2)
  })

  test('may have users alone: the key is empty then', async () => {
    const server = await asking({ auth: 'as' })
    let login: readonly unknown[] = []
    server.pinged = (ping, socket) => {
      login = ping.slice(4)
      socket.write(pongOf(ping[2], 'server', ''))
    }
    const users = { empty_shared_key: 'on', username: 'ann', password: 'pw' }
    await (await pairs.output(server.port, users)).flush(numbered(1), forever)
    assert.deepEqual(login, ['ann', sha512('asannpw')])
  })

  for (const [what, answer] of [
    ['no HELO', encode({ ack: 'x' })],
    ['no msgpack', Buffer.of(0xc1)],
    ['a HELO without a nonce', encode(['HELO', { auth: '' }])],
    ['two HELOs at once', Buffer.concat([1, 2].map(() => encode(['HELO', { nonce: 'n', auth: '' }])))],
    ['more than any HELO has', encode(['HELO', { nonce: 'n'.repeat(10_000), auth: '' }])],
  ] as const)
    test(`fails the flush where it says ${what}`, async () => {
      const server = await asking()
      server.greet = (socket) => void socket.write(answer)
      const output = await pairs.output(server.port, options)
      await assert.rejects(output.flush(numbered(1), forever), { code: 'FORWARD_ANSWER' })
    })

  test('that says nothing ends in a deadline', async () => {
    const clock = new FakeClock()
    const server = await pairs.server()
    const output = await pairs.output(server.port, { ...options, 'net.connect_timeout': '10s' }, clock)
    const failed = assert.rejects(output.flush(numbered(1), forever), {
      code: 'FORWARD_HANDSHAKE_LATE',
      message: /left the handshake undone for 10000 ms; it may ask for no shared_key/,
    })
    await server.until(() => server.connections === 1)
    const over = failed.then(() => true)
    while (!(await Promise.race([over, clock.advance(10_000)]))) assert.ok(clock.waiting <= 1)
  })

  test('that says nothing does not hold a flush which is given up', async () => {
    const server = await pairs.server()
    const output = await pairs.output(server.port, options)
    const abort = new AbortController()
    const failed = assert.rejects(output.flush(numbered(1), abort.signal), /given up/)
    await server.until(() => server.connections === 1)
    abort.abort(new Error('given up'))
    await failed
  })
})

test('a user without a key is a mistake that the check of a configuration finds', () => {
  for (const options of [{ username: 'ann' }, { password: 'pw' }])
    assert.throws(() => forward.create(optionsOf(forward, options), new RecordingOutputContext()), {
      code: 'FORWARD_LOGIN',
    })
})

test('where one server refuses the key, another one of the group gets the flush', async () => {
  const refusing = await asking()
  refusing.pinged = (_ping, socket) => void socket.write(encode(['PONG', false, 'no', '', '']))
  const server = await asking()
  const servers = [refusing, server].map(({ port }) => `127.0.0.1:${port}`)
  const output = await pairs.output(1, { servers, balance: 'failover', shared_key: 'secret' })
  await output.flush(batchOf([{ record: { n: 1 } }]), forever)
  assert.equal(server.events.length, 1)
  assert.equal(refusing.events.length, 0)
})
