import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { PartialError } from '../../src/plugin/errors.js'
import { Mosquitto, noMosquitto } from '../support/mosquitto.js'
import { assertSeq, bdSeqOf, brief, events } from '../support/sparkplug.js'
import { sparkplugBroker, sparkplugOutputs } from '../support/sparkplug-output.js'

const forever = new AbortController().signal
const { ended, outputTo } = sparkplugOutputs()

describe('against a real broker, as another implementation understands it', { skip: noMosquitto }, () => {
  const broker = sparkplugBroker()

  test('births give each metric a name, an alias and a type, and data has the aliases', async () => {
    const host = await broker.host()
    const { output } = await outputTo(broker.port)
    const record = {
      whole: 7,
      negative: -1,
      large: 2n ** 62n,
      part: 0.5,
      on: true,
      text: 'a',
      bytes: Uint8Array.of(255, 1),
      list: [1, 'b'],
      map: { in: { it: 1 } },
      none: null,
    }
    await output.flush(events(['t', record]), forever)
    await host.until((told) => told.length >= 2, 'a birth and data')
    const values =
      'whole:Int64=7 negative:Int64=-1 large:Int64=4611686018427387904 part:Double=0.5 on:Boolean=true text:String=a bytes:Bytes=ff01 list:String=[1,"b"] map/in/it:Int64=1'
    assert.deepEqual(brief(host.told), [`NBIRTH ${values}`, `NDATA ${values}`])
    assertSeq(host.told)
  })

  test('events of devices are theirs, each with a birth of its own', async () => {
    const host = await broker.host()
    const { output } = await outputTo(broker.port, { device: '$id', prefix: '$TAG[1]/' })
    await output.flush(events(['a.t', { id: 'x', v: 1 }], ['a.t', { id: 'y+1', v: 2 }], ['a.t', { v: 3 }]), forever)
    await host.until((told) => told.length >= 6, 'births and data')
    assert.deepEqual(brief(host.told), [
      'NBIRTH t/v:Int64=3',
      'DBIRTH x t/id:String=x t/v:Int64=1',
      'DBIRTH y_1 t/id:String=y+1 t/v:Int64=2',
      'DDATA x t/id:String=x t/v:Int64=1',
      'DDATA y_1 t/id:String=y+1 t/v:Int64=2',
      'NDATA t/v:Int64=3',
    ])
    assertSeq(host.told)
  })

  test('a new metric and a changed type make a new birth, whole numbers among fractions make none', async () => {
    const host = await broker.host()
    const { output } = await outputTo(broker.port)
    for (const v of [1, 1.5, 2, 'x']) await output.flush(events(['t', { v }]), forever)
    await output.flush(events(['t', { v: 'y' }], ['t', { w: 1 }]), forever)
    await host.until((told) => told.length >= 9, 'four births and data')
    assert.deepEqual(brief(host.told), [
      'NBIRTH v:Int64=1',
      'NDATA v:Int64=1',
      'NBIRTH v:Double=1.5',
      'NDATA v:Double=1.5',
      'NDATA v:Double=2',
      'NBIRTH v:String=x',
      'NDATA v:String=x',
      'NBIRTH v:String=x w:Int64=1',
      'NDATA v:String=y w:Int64=1',
    ])
    assertSeq(host.told)
  })

  test('values of both types are told where the type of a metric changes within a batch', async () => {
    const host = await broker.host()
    const { output } = await outputTo(broker.port)
    await output.flush(events(['t', { v: 1 }], ['t', { v: 1.5 }], ['t', { v: 'x' }], ['t', { v: true }]), forever)
    await host.until((told) => told.length >= 6, 'three births and data')
    assert.deepEqual(brief(host.told), [
      'NBIRTH v:Double=1.5',
      'NDATA v:Double=1 v:Double=1.5',
      'NBIRTH v:String=x',
      'NDATA v:String=x',
      'NBIRTH v:Boolean=true',
      'NDATA v:Boolean=true',
    ])
    assertSeq(host.told)
  })

  test('whole numbers beyond 64 bits are Double, and say what they are', async () => {
    const host = await broker.host()
    const { output } = await outputTo(broker.port)
    await output.flush(events(['t', { far: 2 ** 63, low: -(2 ** 63), below: -(2 ** 64), vast: 1e300 }]), forever)
    await host.until((told) => told.length >= 2, 'a birth and data')
    const values =
      'far:Double=9223372036854776000 low:Int64=-9223372036854775808 below:Double=-18446744073709552000 vast:Double=1e+300'
    assert.deepEqual(brief(host.told), [`NBIRTH ${values}`, `NDATA ${values}`])
  })

  test('sequence numbers go to 255 and begin again', async () => {
    const host = await broker.host()
    const { output } = await outputTo(broker.port, { max_samples: 1 })
    await output.flush(events(...Array.from({ length: 600 }, (_, n) => ['t', { n }] as const)), forever)
    await host.until((told) => told.length >= 601, '600 messages')
    assertSeq(host.told)
    assert.deepEqual(
      host.told.slice(1).map(({ metrics }) => metrics[0]?.value),
      Array.from({ length: 600 }, (_, n) => BigInt(n)),
    )
  })

  test('a host that asks for it gets all births again, with the last values', async () => {
    const host = await broker.host()
    const { output, context } = await outputTo(broker.port, { device: '$id', prefix: '' })
    await output.flush(events(['t', { v: 1 }], ['t', { id: 'x', w: 1 }]), forever)
    await output.flush(events(['t', { v: 2 }]), forever)
    host.askForRebirth('gw')
    await host.until((told) => told.filter(({ type }) => type === 'DBIRTH').length === 2, 'births')
    assert.deepEqual(brief(host.told).slice(-2), ['NBIRTH v:Int64=2', 'DBIRTH x id:String=x w:Int64=1'])
    await output.flush(events(['t', { v: 3 }]), forever)
    await host.until((told) => told.at(-1)?.type === 'NDATA', 'data')
    assertSeq(host.told)
    assert.deepEqual(context.counted, { rebirths: 1 })
    assert.equal(new Set(host.told.filter(({ type }) => type === 'NBIRTH').map(bdSeqOf)).size, 1)
  })

  test('a host that asks for births over and over gets one a second, and the last time it asks counts', async () => {
    const host = await broker.host()
    const { output, context } = await outputTo(broker.port)
    await output.flush(events(['t', { v: 1 }]), forever)
    for (let asked = 0; asked < 5; asked++) host.askForRebirth('gw')
    const births = () => host.told.filter(({ type }) => type === 'NBIRTH').length
    await host.until(() => births() === 2, 'the first birth')
    await output.flush(events(['t', { v: 2 }]), forever)
    await host.until(() => births() === 3, 'the birth for all the others')
    assert.equal(brief(host.told).at(-1), 'NBIRTH v:Int64=2')
    assert.deepEqual(context.counted, { rebirths: 2 })
  })

  test('commands that are none change nothing', async () => {
    const host = await broker.host()
    const { output } = await outputTo(broker.port)
    await output.flush(events(['t', { v: 1 }]), forever)
    host.publish('spBv1.0/plant/NCMD/gw', Uint8Array.of(255, 255))
    await output.flush(events(['t', { v: 2 }]), forever)
    await host.until(() => brief(host.told).includes('NDATA v:Int64=2'), 'data')
    assert.equal(host.told.filter(({ type }) => type === 'NBIRTH').length, 1)
  })

  test('what is old when it is sent is marked as historical, and is no last value', async () => {
    const host = await broker.host()
    const { output } = await outputTo(broker.port)
    await output.flush(events(['t', { v: 1 }], ['t', { v: 0 }, 3600]), forever)
    host.askForRebirth('gw')
    await host.until((told) => told.filter(({ type }) => type === 'NBIRTH').length === 2, 'a birth')
    const [, data] = host.told
    assert.deepEqual(
      data?.metrics.map(({ value, isHistorical }) => [value, isHistorical]),
      [
        [1n, false],
        [0n, true],
      ],
    )
    assert.equal(brief(host.told).at(-1), 'NBIRTH v:Int64=1')
  })
})

test(
  'events with nothing to report are refused, and those with more metrics than there may be',
  { skip: noMosquitto },
  async () => {
    const broker = await Mosquitto.start()
    ended.push(() => broker.end())
    const { output } = await outputTo(broker.port, { max_metrics: 2 })
    const batch = events(['t', { a: 1, b: 2 }], ['t', {}], ['t', { a: 1, c: 3 }], ['t', { a: 2 }])
    await assert.rejects(output.flush(batch, forever), (error) => {
      assert.ok(error instanceof PartialError)
      assert.deepEqual(
        [...error.rejected],
        [
          [1, 'it has no value that a metric could have'],
          [2, 'it has metrics beyond the 2 that there may be (max_metrics)'],
        ],
      )
      return true
    })
  },
)

const wrong: readonly [string, object, RegExp][] = [
  ['a slash in the group', { group_id: 'a/b' }, /^group_id: expected a name without "\/", "\+" and "#", got "a\/b"$/],
  ['a wildcard in the node', { edge_node_id: '+' }, /^edge_node_id: expected a name/],
  ['a wildcard in the host', { primary_host: '#' }, /^primary_host: expected a name/],
]
for (const [what, options, message] of wrong) {
  test(`${what} is an error before anything is connected`, async () => {
    await assert.rejects(outputTo(1, options), { message })
  })
}
