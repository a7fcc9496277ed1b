import assert from 'node:assert/strict'
import { createHmac, createPublicKey, generateKeyPairSync, verify } from 'node:crypto'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { type AddressInfo, connect } from 'node:net'
import { afterEach, test, type TestContext } from 'node:test'
import { createServer, type TLSSocket } from 'node:tls'
import mqtt from '../../../outputs/mqtt/index.js'
import { type Clock, systemClock } from '../../../src/base/clock.js'
import type { Output } from '../../../src/plugin/define.js'
import { batchOf } from '../../support/batch.js'
import { CertificateAuthority } from '../../support/certificate-authority.js'
import { FakeClock } from '../../support/fake-clock.js'
import { optionsOf } from '../../support/options.js'
import { RecordingOutputContext } from '../../support/output-context.js'
import { ScriptedBroker } from '../../support/scripted-broker.js'

const forever = new AbortController().signal
const ended: (() => Promise<unknown> | undefined)[] = []

afterEach(async () => {
  for (const end of ended.splice(0).toReversed()) await end()
})

type Raw = { readonly [name: string]: unknown }

async function outputTo(options: Raw, clock: Clock = systemClock): Promise<Output> {
  const raw = { host: 'localhost', json_date_key: 'false', ...options }
  const output = await mqtt.create(optionsOf(mqtt, raw), new RecordingOutputContext(clock))
  ended.push(() => output.close?.())
  return output
}

const one = (id: string) => ({ ...batchOf([{ tag: 'a.b', record: { n: 1, site: 'x y' } }]), id })

/** A broker of a cloud: TLS that asks for a certificate and notes what was offered, before one that notes what is said. */
async function cloud(t: TestContext) {
  const authority = new CertificateAuthority(t)
  const peer = await new ScriptedBroker().listen()
  const seen: TLSSocket[] = []
  const { pem } = authority.issue('localhost')
  const settings = { ...pem, ca: authority.pem, requestCert: true, rejectUnauthorized: false }
  const server = createServer({ ...settings, ALPNProtocols: ['x-amzn-mqtt-ca'] }, (socket) => {
    seen.push(socket)
    const inner = connect(peer.port, '127.0.0.1')
    socket.on('error', () => inner.destroy()).pipe(inner)
    inner.on('error', () => socket.destroy()).pipe(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  ended.push(async () => {
    server.close()
    for (const socket of seen) socket.destroy()
    await peer.close()
  })
  const { port } = server.address() as AddressInfo
  return { authority, peer, seen, options: { port, tls: true, 'tls.ca_file': authority.file } }
}

/** The client id, user and password of a CONNECT without a will (MQTT 3.1.1, section 3.1.3). */
function logInOf(packet: Buffer | undefined): string[] {
  const found: string[] = []
  const bytes = packet ?? Buffer.alloc(0)
  for (let at = 10; at < bytes.length;) {
    const end = at + 2 + bytes.readUInt16BE(at)
    found.push(bytes.toString('utf8', at + 2, end))
    at = end
  }
  return found
}

test('AWS IoT Core: a certificate, the protocol by ALPN, and no message beyond 128 KiB', async (t) => {
  const { authority, peer, seen, options } = await cloud(t)
  const { file, keyFile } = authority.issue('gateway-7')
  const output = await outputTo({
    ...options,
    profile: 'aws_iot',
    client_id: 'gateway-7',
    'tls.crt_file': file,
    'tls.key_file': keyFile,
    'tls.alpn': ['x-amzn-mqtt-ca'],
  })
  await output.flush(one('a'), forever)
  const [socket] = seen
  assert.equal(socket?.alpnProtocol, 'x-amzn-mqtt-ca')
  assert.equal(socket?.authorized, true)
  assert.equal(socket?.getPeerCertificate().subject.CN, 'gateway-7')
  assert.deepEqual(logInOf(peer.connects[0]), ['gateway-7'])
  const large = batchOf([{ record: { text: 'x'.repeat(128 * 1024) } }])
  await assert.rejects(output.flush(large, forever), { code: 'MQTT_REFUSED_PART' })
  assert.equal(peer.published.length, 1)
})

test('AWS IoT Core on the port of HTTPS offers its protocol by itself', async () => {
  const { withProfile } = await import('../../../src/mqtt/index.js')
  const raw = { profile: 'aws_iot', tls: true, 'tls.crt_file': 'c', 'tls.key_file': 'k' }
  assert.deepEqual(withProfile(optionsOf(mqtt, { ...raw, port: 443 }))['tls.alpn'], ['x-amzn-mqtt-ca'])
  assert.equal(withProfile(optionsOf(mqtt, raw))['tls.alpn'], undefined)
})

test('Azure IoT Hub: the user names hub and device, a signature is the password, properties are in the topic', async (t) => {
  const { peer, options } = await cloud(t)
  const key = Buffer.from('a key of thirty-two bytes, or so')
  const clock = new FakeClock()
  const output = await outputTo(
    {
      ...options,
      profile: 'azure_iot_hub',
      client_id: 'gw-7',
      shared_access_key: key.toString('base64'),
      user_properties: { site: '$site', kind: '$TAG[1]' },
    },
    clock,
  )
  await output.flush(one('a'), forever)
  const [id, user, password = ''] = logInOf(peer.connects[0])
  assert.equal(id, 'gw-7')
  assert.equal(user, 'localhost/gw-7/?api-version=2021-04-12')
  const [scheme, query] = password.split(' ')
  assert.equal(scheme, 'SharedAccessSignature')
  const token = new URLSearchParams(query)
  const until = Math.floor(clock.wall() / 1000) + 3600
  assert.equal(token.get('sr'), 'localhost/devices/gw-7')
  assert.equal(token.get('se'), String(until))
  const expected = createHmac('sha256', key).update(`localhost%2Fdevices%2Fgw-7\n${until}`).digest('base64')
  assert.equal(token.get('sig'), expected)
  assert.equal(
    peer.published[0]?.topic,
    'devices/gw-7/messages/events/$.ct=application%2Fjson&$.ce=utf-8&site=x%20y&kind=b',
  )
})

test('a token is made anew before it ends, and the connection with it', async (t) => {
  const { peer, options } = await cloud(t)
  const clock = new FakeClock()
  const azure = { profile: 'azure_iot_hub', client_id: 'gw', shared_access_key: 'a2V5', token_lifetime: '10m' }
  const output = await outputTo({ ...options, ...azure }, clock)
  await output.flush(one('a'), forever)
  await clock.advance(8 * 60_000)
  await output.flush(one('b'), forever)
  assert.equal(peer.connects.length, 1)
  await clock.advance(2 * 60_000)
  await output.flush(one('c'), forever)
  assert.equal(peer.connects.length, 2)
  assert.equal(peer.disconnects, 1)
  assert.notEqual(logInOf(peer.connects[0])[2], logInOf(peer.connects[1])[2])
  assert.equal(peer.published.length, 3)
})

const keys = {
  RS256: () => generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey,
  ES256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
}
for (const [algorithm, make] of Object.entries(keys)) {
  test(`brokers like Google's: the password is a JSON Web Token (${algorithm})`, async (t) => {
    const { authority, peer, options } = await cloud(t)
    const key = make()
    const keyFile = authority.path('token.key')
    writeFileSync(keyFile, key.export({ type: 'pkcs8', format: 'pem' }))
    const clock = new FakeClock()
    const id = 'projects/p/locations/l/registries/r/devices/gw'
    const google = { profile: 'google_style', client_id: id, 'jwt.key_file': keyFile, 'jwt.audience': 'p' }
    const output = await outputTo({ ...options, ...google, topic: '/devices/gw/events' }, clock)
    await output.flush(one('a'), forever)
    const [client, user, password = ''] = logInOf(peer.connects[0])
    assert.equal(client, id)
    assert.equal(user, 'unused')
    const [head = '', claims = '', signature = ''] = password.split('.')
    const decoded = (part: string): unknown => JSON.parse(Buffer.from(part, 'base64url').toString())
    assert.deepEqual(decoded(head), { alg: algorithm, typ: 'JWT' })
    const now = Math.floor(clock.wall() / 1000)
    assert.deepEqual(decoded(claims), { aud: 'p', iat: now, exp: now + 3600 })
    const signed = { key: createPublicKey(key), dsaEncoding: 'ieee-p1363' } as const
    assert.ok(verify('sha256', Buffer.from(`${head}.${claims}`), signed, Buffer.from(signature, 'base64url')))
  })
}

const certificate = { 'tls.crt_file': 'c', 'tls.key_file': 'k' }
const wrong: readonly [Raw, RegExp][] = [
  [{ profile: 'aws_iot' }, /^profile: aws_iot needs tls: on$/],
  [{ profile: 'aws_iot', tls: true }, /^profile: aws_iot needs tls.crt_file and tls.key_file$/],
  [{ profile: 'aws_iot', tls: true, ...certificate, qos: 2 }, /^qos: expected at most 1 with profile aws_iot, got 2$/],
  [{ profile: 'azure_iot_hub', tls: true }, /^profile: azure_iot_hub needs client_id, which is the id of the device$/],
  [
    { profile: 'azure_iot_hub', tls: true, client_id: 'd' },
    /needs shared_access_key, or tls.crt_file and tls.key_file$/,
  ],
  [{ profile: 'azure_iot_hub', tls: true, protocol_version: '5' }, /needs protocol_version: '3.1.1'$/],
  [{ profile: 'google_style', tls: true, client_id: 'd' }, /needs jwt.key_file$/],
]
for (const [options, message] of wrong) {
  test(`${JSON.stringify(options)} is an error before anything is connected`, async () => {
    await assert.rejects(outputTo(options), { message })
  })
}

test('a key that cannot sign is an error that names its option', async (t) => {
  const { authority, options } = await cloud(t)
  const google = { profile: 'google_style', client_id: 'd', 'jwt.audience': 'p' }
  for (const file of [authority.path('gone'), authority.file]) {
    const output = await outputTo({ ...options, ...google, 'jwt.key_file': file })
    await assert.rejects(output.flush(one('a'), forever), { code: 'MQTT_TOKEN_KEY' })
  }
})
