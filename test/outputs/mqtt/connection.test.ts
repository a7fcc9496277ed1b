import assert from 'node:assert/strict'
import { afterEach, describe, test, type TestContext } from 'node:test'
import mqtt from '../../../outputs/mqtt/index.js'
import { systemClock } from '../../../src/base/clock.js'
import type { Output } from '../../../src/plugin/define.js'
import { batchOf } from '../../support/batch.js'
import { CertificateAuthority } from '../../support/certificate-authority.js'
import { Link } from '../../support/link.js'
import { Mosquitto, noMosquitto } from '../../support/mosquitto.js'
import { optionsOf } from '../../support/options.js'
import { RecordingOutputContext } from '../../support/output-context.js'
import { freePort } from '../../support/ports.js'

const forever = new AbortController().signal
const ended: (() => Promise<unknown> | undefined)[] = []

afterEach(async () => {
  for (const end of ended.splice(0).toReversed()) await end()
})

async function outputTo(port: number, options: object): Promise<Output> {
  const raw = { port, topic: 't', json_date_key: 'false', ...options }
  const output = await mqtt.create(optionsOf(mqtt, raw), new RecordingOutputContext(systemClock))
  ended.push(() => output.close?.())
  return output
}

async function brokerWith(settings: readonly string[]): Promise<Mosquitto> {
  const broker = await Mosquitto.start(settings)
  ended.push(() => broker.end())
  return broker
}

const numbered = (count: number) => batchOf(Array.from({ length: count }, (_, n) => ({ record: { n } })))

/** The listener of a broker that asks for certificates, beside the plain one. */
function secureListener(port: number, authority: CertificateAuthority): string[] {
  const server = authority.issue('localhost', 'DNS:localhost,IP:127.0.0.1')
  return [
    `listener ${port} 127.0.0.1`,
    `cafile ${authority.file}`,
    `certfile ${server.file}`,
    `keyfile ${server.keyFile}`,
    'require_certificate true',
    'use_identity_as_username true',
  ]
}

describe('against a real broker', { skip: noMosquitto }, () => {
  for (const protocol_version of ['3.1.1', '5']) {
    test(`events arrive through a WebSocket (MQTT ${protocol_version})`, async () => {
      const port = await freePort()
      const broker = await brokerWith([`listener ${port} 127.0.0.1`, 'protocol websockets'])
      const subscriber = await broker.subscribe('t')
      const output = await outputTo(port, { protocol_version, websocket: true })
      for (const id of ['a', 'b']) await output.flush({ ...numbered(500), id }, forever)
      await subscriber.until((received) => received.length >= 1000, '1000 events')
      assert.equal(subscriber.received.at(-1)?.payload, '{"n":499}')
      await output.close?.()
    })
  }

  test('a client that shows its certificate is let in, one without is not', async (t: TestContext) => {
    const authority = new CertificateAuthority(t)
    const port = await freePort()
    const broker = await brokerWith(secureListener(port, authority))
    const subscriber = await broker.subscribe('t')
    const client = authority.issue('gateway-7')
    const tls = { tls: true, 'tls.ca_file': authority.file, host: 'localhost' }
    const output = await outputTo(port, { ...tls, 'tls.crt_file': client.file, 'tls.key_file': client.keyFile })
    await output.flush(numbered(3), forever)
    await subscriber.until((received) => received.length >= 3, '3 events')
    assert.match(broker.output, /u'gateway-7'/)
    await assert.rejects((await outputTo(port, tls)).flush(numbered(1), forever))
  })

  for (const protocol_version of ['3.1.1', '5']) {
    test(`the broker publishes the will of a client whose link broke, and none of one that took leave (MQTT ${protocol_version})`, async () => {
      const broker = await brokerWith([])
      const link = await Link.to(broker.port)
      ended.push(() => link.close())
      const subscriber = await broker.subscribe('gone/#')
      for (const name of ['leaves', 'breaks']) {
        const will = { 'will.topic': `gone/${name}`, 'will.payload': 'no word', 'will.qos': 1, 'will.retain': true }
        const output = await outputTo(link.port, { protocol_version, client_id: name, ...will })
        await output.flush(numbered(1), forever)
        if (name === 'leaves') await output.close?.()
        else link.cut()
      }
      await subscriber.until((received) => received.length > 0, 'a will')
      assert.deepEqual(subscriber.received, [{ topic: 'gone/breaks', qos: 1, retained: false, payload: 'no word' }])
      const later = await broker.subscribe('gone/breaks')
      await later.until((received) => received.length > 0, 'what the broker kept')
      assert.equal(later.received[0]?.retained, true)
    })
  }

  for (const qos of [0, 1, 2]) {
    test(`a link over which nothing comes is given up, and the next flush goes over a new one (QoS ${qos})`, async () => {
      const broker = await brokerWith([])
      const link = await Link.to(broker.port)
      ended.push(() => link.close())
      const subscriber = await broker.subscribe('t')
      const output = await outputTo(link.port, { qos, ack_timeout: '200ms' })
      await output.flush({ ...numbered(1), id: 'first' }, forever)
      link.silence(true)
      await assert.rejects(output.flush(numbered(10), forever), { code: 'MQTT_NO_ACK' })
      link.silence(false)
      await output.flush({ ...numbered(10), attempt: 2 }, forever)
      await subscriber.until((received) => received.length >= 11, '11 events')
    })
  }

  test('a link that is silent while there is nothing to send is given up by the keepalive', async () => {
    const broker = await brokerWith([])
    const link = await Link.to(broker.port)
    ended.push(() => link.close())
    const output = await outputTo(link.port, { keepalive: '1s' })
    await output.flush({ ...numbered(1), id: 'first' }, forever)
    link.silence(true)
    await link.until(() => link.open === 0)
    link.silence(false)
    await output.flush(numbered(1), forever)
  })

  test('of several brokers another takes over when one is gone, and nothing is lost', async () => {
    const brokers = [await brokerWith([]), await brokerWith([])]
    const [first, second] = await Promise.all(brokers.map((broker) => broker.subscribe('t')))
    const output = await outputTo(1, { servers: brokers.map(({ port }) => `127.0.0.1:${port}`) })
    await output.flush({ ...numbered(10), id: 'a' }, forever)
    await first?.until((received) => received.length >= 10, '10 events')
    assert.equal(second?.received.length, 0)
    await brokers[0]?.stop('SIGKILL')
    await output.flush({ ...numbered(10), id: 'b' }, forever)
    await second?.until((received) => received.length >= 10, '10 events')
  })
})
