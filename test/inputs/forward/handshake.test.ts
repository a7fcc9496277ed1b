import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { decode } from '@msgpack/msgpack'
import forward from '../../../inputs/forward/index.js'
import {
  passwordDigest,
  type Ping,
  readHelo,
  readPong,
  sharedKeyDigest,
  writePing,
} from '../../../src/forward/index.js'
import { FakeClock } from '../../support/fake-clock.js'
import { forwardListening, latin, numberedEntries, packed } from '../../support/forward-input.js'
import { RecordingInputContext } from '../../support/input-context.js'
import { optionsOf } from '../../support/options.js'
import type { RawClient } from '../../support/raw-client.js'

const key = 'a key that both know'
const users = { alice: 'wonder', bob: 'builder' }
const options = { shared_key: key, users, self_hostname: 'gateway', read_timeout: '10s' }

interface Claims {
  readonly key?: string
  readonly user?: string
  readonly password?: string
}

/** A client that has read the HELO, and the PING by which it claims what it claims. */
async function greeted(client: RawClient, claims: Claims = {}): Promise<Buffer> {
  const text = await client.until(/keepalive\xc3/)
  const { nonce, auth } = readHelo(latin(text))
  const { user = '', password = '' } = claims
  const salt = 'client salt'
  const digest = sharedKeyDigest(salt, 'device-1', nonce, claims.key ?? key)
  const ping: Ping = { hostname: 'device-1', salt, digest, user, passwordDigest: passwordDigest(auth, user, password) }
  return Buffer.from(writePing(ping))
}

/** What the server said behind its HELO. */
function pongIn(client: RawClient): ReturnType<typeof readPong> {
  return readPong(latin(client.text.slice(client.text.indexOf('keepalive\xc3') + 10)))
}

async function refusedWith(t: TestContext, raw: object, claims: Claims): Promise<readonly [string, object]> {
  const { context, client } = await forwardListening(t, { ...options, ...raw })
  const sender = await client()
  sender.send(Buffer.concat([await greeted(sender, claims)]))
  await sender.closed
  const pong = pongIn(sender)
  assert.equal(pong.accepted, false)
  assert.equal(pong.digest, '')
  assert.deepEqual(context.taken, [])
  return [pong.reason, context.counted]
}

describe('the handshake of the forward input', () => {
  it('lets in a client that knows the key and a user, and shows that it knows the key too', async (t) => {
    const { context, client } = await forwardListening(t, options)
    const sender = await client()
    const ping = await greeted(sender, { user: 'alice', password: 'wonder' })
    const { nonce } = readHelo(latin(sender.text))
    for (const byte of ping) {
      sender.send(Buffer.of(byte))
      await new Promise((resolve) => setImmediate(resolve))
    }
    await sender.until(/PONG/)
    sender.send(packed('t', numberedEntries(2), { chunk: 'one' }))
    await sender.until(/one$/)
    const digest = sharedKeyDigest('client salt', 'gateway', nonce, key)
    assert.ok(sender.text.includes(`\xa7gateway\xd9\x80${digest}`))
    assert.equal(context.events.length, 2)
  })

  it('is written as the specification has it', async (t) => {
    const { client } = await forwardListening(t, options)
    const sender = await client()
    const text = await sender.until(/keepalive\xc3/)
    assert.match(text, /^\x92\xa4HELO\x83\xa5nonce\xd9\x20[0-9a-f]{32}\xa4auth\xd9\x20[0-9a-f]{32}\xa9keepalive\xc3$/)
  })

  it('has no deadline any more for a client that is let in and says nothing for long', async (t) => {
    const clock = new FakeClock()
    const { context, client } = await forwardListening(t, options, clock)
    const sender = await client()
    sender.send(await greeted(sender, { user: 'alice', password: 'wonder' }))
    await sender.until(/PONG/)
    await clock.advance(60_000)
    sender.send(packed('t', numberedEntries(1), { chunk: 'one' }))
    await sender.until(/one$/)
    assert.deepEqual(context.counted, {})
  })

  it('asks for no user where there are none', async (t) => {
    const { context, client } = await forwardListening(t, { ...options, users: {} })
    const sender = await client()
    const ping = await greeted(sender)
    assert.equal(readHelo(latin(sender.text)).auth.length, 0)
    sender.send(Buffer.concat([ping, packed('t', numberedEntries(2))]))
    await context.received(2)
  })

  it('takes an empty key where that is what is asked for', async (t) => {
    const { context, client } = await forwardListening(t, { empty_shared_key: true, users })
    const sender = await client()
    sender.send(await greeted(sender, { key: '', user: 'bob', password: 'builder' }))
    sender.send(packed('t', numberedEntries(2)))
    await context.received(2)
  })

  it('refuses another key, another password, a user that there is not, and says why', async (t) => {
    const user = ['username/password mismatch', { refused_user: 1 }]
    assert.deepEqual(await refusedWith(t, {}, { key: 'another' }), ['shared_key mismatch', { refused_shared_key: 1 }])
    assert.deepEqual(await refusedWith(t, {}, { user: 'alice', password: 'builder' }), user)
    assert.deepEqual(await refusedWith(t, {}, { user: 'alice' }), user)
    assert.deepEqual(await refusedWith(t, {}, { user: 'mallory', password: 'wonder' }), user)
    assert.deepEqual(await refusedWith(t, {}, {}), user)
  })

  it('does not take for good what another connection was asked', async (t) => {
    const { context, client } = await forwardListening(t, options)
    const [first, second] = [await client(), await client()]
    const ping = await greeted(first, { user: 'alice', password: 'wonder' })
    await second.until(/keepalive\xc3/)
    second.send(ping)
    await second.closed
    assert.deepEqual([pongIn(second).reason, context.counted], ['shared_key mismatch', { refused_shared_key: 1 }])
  })

  it('takes no events of a client that leaves it out, and none that stand behind a wrong PING', async (t) => {
    const { context, client } = await forwardListening(t, options)
    const events = packed('t', numberedEntries(2), { chunk: 'one' })
    const [silent, wrong] = [await client(), await client()]
    silent.send(events)
    wrong.send(Buffer.concat([await greeted(wrong, { key: 'another' }), events]))
    assert.ok(!(await silent.closed).includes('one') && !(await wrong.closed).includes('one'))
    assert.deepEqual(context.taken, [])
    assert.deepEqual(context.counted, { refused_invalid_handshake: 1, refused_shared_key: 1 })
  })

  it('refuses a PING that is too long', async (t) => {
    const { context, client } = await forwardListening(t, options)
    const sender = await client()
    await sender.until(/keepalive\xc3/)
    sender.send(latin(`\x96\xa4PING\xda\x40\x00${'x'.repeat(100)}`))
    await sender.closed
    assert.deepEqual(context.counted, { refused_too_long: 1 })
  })

  it('is not asked for where there is no key', async (t) => {
    const { client } = await forwardListening(t)
    const sender = await client()
    sender.send(packed('t', numberedEntries(1), { chunk: 'one' }))
    assert.deepEqual(decode(latin(await sender.until(/one/))), { ack: 'one' })
  })

  it('needs a key where there are users', () => {
    const context = new RecordingInputContext()
    assert.throws(() => forward.create(optionsOf(forward, { users }), context), { code: 'FORWARD_NO_KEY' })
  })

  it('takes users as Fluent Bit writes them', () => {
    const { users: read } = optionsOf(forward, { shared_key: key, 'security.users': ['alice wonder', 'bob builder'] })
    assert.deepEqual({ ...read }, users)
  })
})
