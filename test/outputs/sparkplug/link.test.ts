import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Link } from '../../support/link.js'
import { Mosquitto, noMosquitto } from '../../support/mosquitto.js'
import { assertSeq, bdSeqOf, brief, events, insist } from '../../support/sparkplug.js'
import { SparkplugHost, type Told } from '../../support/sparkplug-host.js'
import { sparkplugBroker, sparkplugOutputs } from '../../support/sparkplug-output.js'

const forever = new AbortController().signal
const { ended, outputTo } = sparkplugOutputs()

describe('against a real broker', { skip: noMosquitto }, () => {
  const broker = sparkplugBroker()

  test('the broker tells of the death of a node whose link broke, which is born anew under the next number', async () => {
    const host = await broker.host()
    const link = await Link.to(broker.port)
    ended.push(() => link.close())
    const { output } = await outputTo(link.port)
    await output.flush(events(['t', { v: 1 }]), forever)
    link.cut()
    await host.until((told) => told.at(-1)?.type === 'NDEATH', 'its death')
    await output.flush(events(['t', { v: 2 }]), forever).catch(() => output.flush(events(['t', { v: 2 }]), forever))
    await host.until((told) => told.at(-1)?.type === 'NDATA', 'data')
    assert.deepEqual(
      host.told.map(({ type }) => type),
      ['NBIRTH', 'NDATA', 'NDEATH', 'NBIRTH', 'NDATA'],
    )
    const [birth, , death, rebirth] = host.told
    assert.equal(bdSeqOf(death), bdSeqOf(birth))
    assert.equal(bdSeqOf(rebirth), BigInt.asUintN(8, BigInt(String(bdSeqOf(birth))) + 1n))
  })

  test('a node that stops tells of its death itself', async () => {
    const host = await broker.host()
    const { output } = await outputTo(broker.port)
    await output.flush(events(['t', { v: 1 }]), forever)
    await output.close?.()
    await host.until((told) => told.at(-1)?.type === 'NDEATH', 'its death')
    assert.equal(bdSeqOf(host.told.at(-1)), bdSeqOf(host.told[0]))
    assert.equal(host.told.length, 3)
  })

  test('nothing is said before the primary host is online, and all is said once it is', async () => {
    const host = await broker.host()
    const { output } = await outputTo(broker.port, { primary_host: 'scada' })
    const batch = events(['t', { v: 1 }])
    await assert.rejects(output.flush(batch, forever), { code: 'SPARKPLUG_HOST_OFFLINE' })
    const say = (online: boolean, timestamp: number) =>
      host.publish('spBv1.0/STATE/scada', Buffer.from(JSON.stringify({ online, timestamp })), '-r')
    say(true, 1000)
    await insist(output, batch)
    say(false, 999) // an old word, which counts for nothing
    say(false, 2000)
    await host.until((told) => told.at(-1)?.type === 'NDEATH', 'its death')
    await assert.rejects(output.flush(events(['t', { v: 2 }]), forever), { code: 'SPARKPLUG_HOST_OFFLINE' })
    say(true, 3000)
    await insist(output, events(['t', { v: 2 }]))
    await host.until((told) => told.at(-1)?.type === 'NDATA', 'data')
    assert.deepEqual(
      host.told.map(({ type }) => type),
      ['NBIRTH', 'NDATA', 'NDEATH', 'NBIRTH', 'NDATA'],
    )
  })

  test('where one of several brokers is gone the node is born at the next one', async () => {
    const host = await broker.host()
    const link = await Link.to(broker.port)
    const servers = [`127.0.0.1:${link.port}`, `127.0.0.1:${broker.port}`]
    const { output, context } = await outputTo(broker.port, { servers })
    await output.flush(events(['t', { v: 1 }]), forever)
    await link.close()
    await host.until((told) => told.at(-1)?.type === 'NDEATH', 'its death')
    await output.flush(events(['t', { v: 2 }]), forever)
    await host.until((told) => told.length === 5, 'data by the second way')
    assert.match(brief(host.told)[3] ?? '', /^NBIRTH v:Int64=[12]$/)
    assert.equal(brief(host.told)[4], 'NDATA v:Int64=2')
    assert.equal(context.counted['failovers'], 1)
  })

  test('a node whose broker changes has told of its death at one before it is born at the next', async () => {
    const [host, other] = [await broker.host(), await Mosquitto.start()]
    ended.push(() => other.end())
    const otherHost = await SparkplugHost.at(other)
    const servers = [broker, other].map(({ port }) => `127.0.0.1:${port}`)
    const { output } = await outputTo(broker.port, { servers, balance: 'round_robin' })
    for (const v of [1, 2, 3]) await output.flush(events(['t', { v }]), forever)
    await host.until((told) => told.length === 5, 'data at the first broker again')
    await otherHost.until((told) => told.length === 3, 'its death at the second')
    const types = ({ told }: SparkplugHost) => told.map(({ type }) => type)
    assert.deepEqual(types(host), ['NBIRTH', 'NDATA', 'NDEATH', 'NBIRTH', 'NDATA'])
    assert.deepEqual(types(otherHost), ['NBIRTH', 'NDATA', 'NDEATH'])
    const births = [...host.told, ...otherHost.told].filter(({ type }) => type === 'NBIRTH')
    assert.equal(new Set(births.map(bdSeqOf)).size, 3)
  })

  test('a broker without the primary host is passed over for one that has it', async () => {
    const host = await broker.host()
    const other = await Mosquitto.start()
    ended.push(() => other.end())
    const state = Buffer.from(JSON.stringify({ online: true, timestamp: 1000 }))
    host.publish('spBv1.0/STATE/far', state, '-r')
    const servers = [`127.0.0.1:${other.port}`, `127.0.0.1:${broker.port}`]
    const { output } = await outputTo(broker.port, { servers, primary_host: 'far' })
    await insist(output, events(['t', { v: 1 }]))
    await host.until((told) => told.at(-1)?.type === 'NDATA', 'data')
    assert.deepEqual(brief(host.told), ['NBIRTH v:Int64=1', 'NDATA v:Int64=1'])
  })

  test('nothing is lost over a link that breaks', async () => {
    const host = await broker.host()
    const link = await Link.to(broker.port)
    ended.push(() => link.close())
    const { output } = await outputTo(link.port, { max_samples: 1 })
    const flushed = insist(output, events(...Array.from({ length: 2000 }, (_, n) => ['t', { n }] as const)))
    for (const cut of [100, 700]) {
      await host.until((told) => told.length > cut, `${cut} messages`)
      link.cut()
    }
    await flushed
    const values = (told: readonly Told[]) =>
      new Set(told.flatMap(({ type, metrics }) => (type === 'NDATA' ? metrics.map(({ value }) => value) : [])))
    await host.until((told) => values(told).size === 2000, 'each value')
    assertSeq(host.told)
  })
})
