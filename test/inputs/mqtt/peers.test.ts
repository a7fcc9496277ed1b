import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { connect as connectClient } from 'mqtt'
import mqtt from '../../../inputs/mqtt/index.js'
import mqttOutput from '../../../outputs/mqtt/index.js'
import { systemClock } from '../../../src/base/clock.js'
import { batchOf } from '../../support/batch.js'
import { CertificateAuthority } from '../../support/certificate-authority.js'
import { settle } from '../../support/fake-clock.js'
import { RecordingInputContext } from '../../support/input-context.js'
import { Mosquitto, noMosquitto } from '../../support/mosquitto.js'
import { mqttListener } from '../../support/mqtt-listener.js'
import { optionsOf } from '../../support/options.js'
import { RecordingOutputContext } from '../../support/output-context.js'
import { parserNamed } from '../../support/parsers.js'
import { peer } from '../../support/peers.js'
import { TestProcess } from '../../support/process.js'
import { running } from '../../support/running.js'

/** Keeps every promise as soon as it is made. */
class KeepingContext extends RecordingInputContext {
  override emitEntries(...given: Parameters<RecordingInputContext['emitEntries']>): boolean {
    const hasRoom = super.emitEntries(...given)
    given[3]?.()
    return hasRoom
  }
}

async function published(port: number, ...args: readonly string[]): Promise<string> {
  const client = new TestProcess(peer('mosquitto_pub').path, ['-p', String(port), '-d', ...args])
  await client.exited
  return client.output
}

describe('mqtt input and mosquitto', { skip: noMosquitto }, () => {
  for (const version of ['mqttv311', 'mqttv5'])
    it(`takes what mosquitto_pub sends in ${version}`, async (t) => {
      const { context, port } = await mqttListener(t)
      const output = await published(port, '-V', version, '-q', '0', '-t', 'a/b', '-m', '{"q":0}')
      assert.match(output, /received CONNACK \(0\)/)
      await context.received(1)
      const pending = published(port, '-V', version, '-q', '1', '-t', 'a/b', '-m', '{"q":1}')
      await context.received(2)
      for (const ack of context.acks.splice(0)) ack?.()
      assert.match(await pending, /received PUBACK \(Mid: 1, RC:0\)/)
      const last = published(port, '-V', version, '-q', '2', '-t', 'a/b', '-m', '{"q":2}')
      await context.received(3)
      for (const ack of context.acks.splice(0)) ack?.()
      assert.match(await last, /received PUBREC[^]*received PUBCOMP \(Mid: 1, RC:0\)/)
      assert.deepEqual(
        context.records.map(({ q }) => q),
        [0, 1, 2],
      )
    })

  async function subscriber(t: TestContext, broker: Mosquitto, raw: object) {
    const context = new KeepingContext(systemClock, parserNamed)
    const options = optionsOf(mqtt, { mode: 'subscribe', port: broker.port, topics: ['a/#'], ...raw })
    const start = async () => {
      const stop = new AbortController()
      const ended = mqtt.create(options, context).run(stop.signal)
      ended.catch(() => undefined)
      t.after(() => stop.abort())
      return { stop, ended }
    }
    return { context, start }
  }

  for (const version of ['3.1.1', '5'])
    it(`is a subscriber that gets all of it though the broker is restarted, in ${version}`, async (t) => {
      const broker = await Mosquitto.start()
      t.after(() => broker.end())
      const { context, start } = await subscriber(t, broker, { protocol_version: version, qos: 2 })
      const first = await start()
      await context.log.line('subscribed')
      for (const qos of ['0', '1', '2']) await published(broker.port, '-q', qos, '-t', 'a/b', '-m', `{"q":${qos}}`)
      await context.received(3)
      await broker.stop()
      await assert.rejects(first.ended, { code: 'MQTT_CLOSED' })
      await broker.start()
      await published(broker.port, '-q', '1', '-t', 'a/c', '-m', '{"q":3}')
      const second = await start()
      await context.until(() => context.records.some(({ q }) => q === 3))
      // The broker may be gone before it reads an acknowledgement, and the memory of packet identifiers is with the first subscriber.
      assert.deepEqual([...new Set(context.records.map(({ q }) => q))], [0, 1, 2, 3])
      second.stop.abort()
      await second.ended
    })

  it('is another client than an output of the same agent, by default', async (t) => {
    const broker = await Mosquitto.start()
    t.after(() => broker.end())
    const { context, start } = await subscriber(t, broker, { topics: ['#'] })
    const { stop, ended } = await start()
    await context.log.line('subscribed')
    const output = mqttOutput.create(optionsOf(mqttOutput, { port: broker.port }), new RecordingOutputContext())
    await (await output).flush(batchOf([{ record: { n: 1 } }]), new AbortController().signal)
    await Promise.race([context.received(1), ended])
    assert.equal(context.records[0]?.['n'], 1)
    await (await output).close?.()
    stop.abort()
    await ended
  })

  it('shares the messages of a group with other subscribers', async (t) => {
    const broker = await Mosquitto.start()
    t.after(() => broker.end())
    const all = await Promise.all(
      ['one', 'two'].map((id) =>
        subscriber(t, broker, { client_id: id, protocol_version: '5', topics: ['$share/g/a/#'] }),
      ),
    )
    for (const { start, context } of all) {
      await start()
      await context.log.line('subscribed')
    }
    for (let n = 0; n < 10; n++) await published(broker.port, '-q', '1', '-t', 'a/b', '-m', `{"n":${n}}`)
    const received = (): number => all.reduce((sum, { context }) => sum + context.events.length, 0)
    while (received() < 10) await settle()
    assert.ok(all.every(({ context }) => context.events.length > 0))
    assert.equal(new Set(all.flatMap(({ context }) => context.records.map(({ n }) => n))).size, 10)
  })

  it('is given again what it has not acknowledged', async (t) => {
    const broker = await Mosquitto.start()
    t.after(() => broker.end())
    const context = new RecordingInputContext(systemClock, parserNamed)
    const options = optionsOf(mqtt, { mode: 'subscribe', port: broker.port, topics: ['a'] })
    const run = await running(t, mqtt.create(options, context))
    await context.log.line('subscribed')
    await published(broker.port, '-q', '1', '-t', 'a', '-m', '{"n":1}')
    await context.received(1)
    await run.stop()
    const again = await running(t, mqtt.create(options, context))
    await context.received(2)
    await again.stop()
    assert.deepEqual(
      context.records.map(({ n }) => n),
      [1, 1],
    )
  })
})

describe('mqtt input and the package mqtt', () => {
  const tlsOptions = (t: TestContext) => {
    const authority = new CertificateAuthority(t)
    const server = authority.issue('localhost', 'DNS:localhost,IP:127.0.0.1')
    const raw = { tls: true, 'tls.crt_file': server.file, 'tls.key_file': server.keyFile }
    return { authority, raw: { ...raw, 'tls.verify_client_cert': 'request', 'tls.ca_file': authority.file } }
  }

  it('takes what its clients publish over TLS, those that have the right certificate', async (t) => {
    const { authority, raw } = tlsOptions(t)
    const { context, port } = await mqttListener(t, { ...raw, certificates: ['*.fleet.example'] })
    const common = { protocol: 'mqtts', host: 'localhost', port, ca: authority.pem, reconnectPeriod: 0 } as const
    const refused = connectClient({ ...common, protocolVersion: 5 })
    const error = await new Promise<Error>((resolve) => void refused.once('error', resolve))
    assert.equal((error as Error & { readonly code: number }).code, 0x87)
    await refused.endAsync(true)
    const device = authority.issue('car.fleet.example')
    const client = connectClient({ ...common, protocolVersion: 5, cert: device.pem.cert, key: device.pem.key })
    t.after(() => client.end(true))
    await new Promise<unknown>((resolve) => void client.once('connect', resolve))
    const sent = Promise.all(
      Array.from({ length: 300 }, (_none, n) =>
        client.publishAsync(`a/${n % 3}`, `{"n":${n}}`, { qos: (n % 3) as 0 | 1 | 2 }),
      ),
    )
    const isUnderWay = (): Promise<boolean> => Promise.race([sent.then(() => false), settle().then(() => true)])
    while (await isUnderWay()) for (const ack of context.acks.splice(0)) ack?.()
    await sent
    assert.equal(new Set(context.records.map(({ n }) => n)).size, 300)
    assert.equal(context.events.length, 300)
  })
})
