import assert from 'node:assert/strict'
import { after, afterEach, before, describe, test } from 'node:test'
import sparkplug from '../../../outputs/sparkplug/index.js'
import { type Clock, systemClock } from '../../../src/base/clock.js'
import type { Output } from '../../../src/plugin/define.js'
import { Link } from '../../support/link.js'
import { Mosquitto, noMosquitto } from '../../support/mosquitto.js'
import { optionsOf } from '../../support/options.js'
import { RecordingOutputContext } from '../../support/output-context.js'
import { assertSeq, bdSeqOf, events, insist } from '../../support/sparkplug.js'
import { SparkplugHost, type Told } from '../../support/sparkplug-host.js'

const forever = new AbortController().signal
const ended: (() => Promise<unknown> | undefined)[] = []

afterEach(async () => {
  for (const end of ended.splice(0).toReversed()) await end()
})

async function outputTo(port: number, options: object = {}, clock: Clock = systemClock) {
  const raw = { port, group_id: 'plant', edge_node_id: 'gw', prefix: '', ...options }
  const context = new RecordingOutputContext(clock)
  const output: Output = await sparkplug.create(optionsOf(sparkplug, raw), context)
  ended.push(() => output.close?.())
  return { output, context }
}

describe('against a real broker', { skip: noMosquitto }, () => {
  let broker: Mosquitto
  let host: SparkplugHost

  before(async () => {
    broker = await Mosquitto.start()
  })
  after(() => broker.end())

  async function listen(): Promise<void> {
    host = await SparkplugHost.at(broker)
  }

  test('the broker tells of the death of a node whose link broke, which is born anew under the next number', async () => {
    await listen()
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
    await listen()
    const { output } = await outputTo(broker.port)
    await output.flush(events(['t', { v: 1 }]), forever)
    await output.close?.()
    await host.until((told) => told.at(-1)?.type === 'NDEATH', 'its death')
    assert.equal(bdSeqOf(host.told.at(-1)), bdSeqOf(host.told[0]))
    assert.equal(host.told.length, 3)
  })

  test('nothing is said before the primary host is online, and all is said once it is', async () => {
    await listen()
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

  test('nothing is lost over a link that breaks', async () => {
    await listen()
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
