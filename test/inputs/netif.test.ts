import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import netif from '../../inputs/netif/index.js'
import { parseNetDev } from '../../inputs/netif/net-dev.js'
import { netifInput } from '../../inputs/netif/netif-input.js'
import { FakeClock } from '../support/fake-clock.js'
import { RecordingInputContext } from '../support/input-context.js'
import { optionsOf } from '../support/options.js'
import { running } from '../support/running.js'
import { Tree } from '../support/tree.js'

const headings = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
`

type Counters = { readonly [name: string]: readonly number[] }

function netDev(counters: Counters): string {
  const lines = Object.entries(counters).map(([name, values]) => `${name.padStart(6)}: ${values.join('   ')}\n`)
  return headings + lines.join('')
}

const ascending = (from: number, step: number): number[] =>
  Array.from({ length: 16 }, (_, index) => from + index * step)

test('interfaces are read below the headings, with or without a space behind the colon', () => {
  const numbers = ascending(1, 1)
  const text = `${headings}    lo: ${numbers.join(' ')}\n  eth0:${numbers.join('    ')}\nvlan:1: ${numbers.join(' ')}\nbroken: 1 2\n`
  assert.deepEqual(parseNetDev(text), [
    { name: 'lo', values: numbers },
    { name: 'eth0', values: numbers },
    { name: 'vlan:1', values: numbers },
  ])
})

interface Setting {
  readonly clock: FakeClock
  readonly context: RecordingInputContext
  readonly read: (counters: Counters) => Promise<void>
}

async function start(t: TestContext, counters: Counters, options: object = {}): Promise<Setting> {
  const tree = new Tree(t, { 'net/dev': netDev(counters) })
  const clock = new FakeClock()
  const context = new RecordingInputContext(clock)
  await running(t, netifInput(optionsOf(netif, { ...options }), context, tree.root))
  return {
    clock,
    context,
    async read(next) {
      tree.write('net/dev', netDev(next))
      await clock.advance(1000)
    },
  }
}

test('all interfaces but lo are read by default, each under its own name', async (t) => {
  const { context, read } = await start(t, { lo: ascending(0, 0), eth0: ascending(0, 0), wlan0: ascending(5, 0) })
  assert.equal(context.events.length, 0)
  await read({ lo: ascending(9, 9), eth0: ascending(100, 1), wlan0: ascending(5, 0) })
  assert.deepEqual(context.records, [
    {
      'eth0.rx.bytes': 100,
      'eth0.rx.packets': 101,
      'eth0.rx.errors': 102,
      'eth0.tx.bytes': 108,
      'eth0.tx.packets': 109,
      'eth0.tx.errors': 110,
      'wlan0.rx.bytes': 0,
      'wlan0.rx.packets': 0,
      'wlan0.rx.errors': 0,
      'wlan0.tx.bytes': 0,
      'wlan0.tx.packets': 0,
      'wlan0.tx.errors': 0,
    },
  ])
})

test('verbose adds the other counters in their order', async (t) => {
  const { context, read } = await start(t, { eth0: ascending(0, 0) }, { verbose: true })
  await read({ eth0: ascending(1, 1) })
  assert.deepEqual(
    Object.entries(context.records[0] ?? {}).map(([field, value]) => `${field}=${Number(value)}`),
    [
      'eth0.rx.bytes=1',
      'eth0.rx.packets=2',
      'eth0.rx.errors=3',
      'eth0.rx.drop=4',
      'eth0.rx.fifo=5',
      'eth0.rx.frame=6',
      'eth0.rx.compressed=7',
      'eth0.rx.multicast=8',
      'eth0.tx.bytes=9',
      'eth0.tx.packets=10',
      'eth0.tx.errors=11',
      'eth0.tx.drop=12',
      'eth0.tx.fifo=13',
      'eth0.tx.collisions=14',
      'eth0.tx.carrier=15',
      'eth0.tx.compressed=16',
    ],
  )
})

test('a prefix chooses interfaces, lo included', async (t) => {
  const none = ascending(0, 0)
  const byPrefix = await start(t, { lo: none, eth0: none, eth1: none, wlan0: none }, { interface: 'eth' })
  await byPrefix.read({ lo: none, eth0: none, eth1: none, wlan0: none })
  const names = Object.keys(byPrefix.context.records[0] ?? {}).map((field) => field.split('.')[0])
  assert.deepEqual(new Set(names), new Set(['eth0', 'eth1']))
  const lo = await start(t, { lo: none }, { interface: 'lo' })
  await lo.read({ lo: none })
  assert.equal(lo.context.records[0]?.['lo.rx.bytes'], 0)
})

test('an interface that comes shows from its second reading on, one that goes and comes back begins anew', async (t) => {
  const { context, read } = await start(t, { eth0: ascending(0, 0) })
  await read({ eth0: ascending(1, 0), ppp0: ascending(7000, 0) })
  await read({ eth0: ascending(2, 0), ppp0: ascending(7010, 0) })
  await read({ eth0: ascending(3, 0) })
  await read({ eth0: ascending(4, 0), ppp0: ascending(3, 0) })
  await read({ eth0: ascending(5, 0), ppp0: ascending(8, 0) })
  assert.deepEqual(
    context.records.map((record) => record['ppp0.rx.bytes']),
    [undefined, 10, undefined, undefined, 5],
  )
  assert.deepEqual(
    context.records.map((record) => record['eth0.rx.bytes']),
    [1, 1, 1, 1, 1],
  )
  assert.deepEqual(context.counted, {})
})

test('an interface whose counters went back is left out of the reading and counted', async (t) => {
  const { context, read } = await start(t, { eth0: ascending(1000, 0), ppp0: ascending(1000, 0) })
  await read({ eth0: ascending(1001, 0), ppp0: ascending(5, 0) })
  assert.deepEqual([context.records[0]?.['eth0.rx.bytes'], context.records[0]?.['ppp0.rx.bytes']], [1, undefined])
  assert.deepEqual(context.counted, { counter_resets: 1 })
  await read({ eth0: ascending(1002, 0), ppp0: ascending(8, 0) })
  assert.equal(context.records[1]?.['ppp0.rx.bytes'], 3)
})

test('no record is empty: without an interface there is none, and a line says so', async (t) => {
  const { context, read } = await start(t, { lo: ascending(0, 0) }, { interface: 'can' })
  await read({ lo: ascending(1, 0) })
  assert.equal(context.events.length, 0)
  assert.match(context.log.lines[0]?.message ?? '', /begins with "can", got none/)
  await read({ can0: ascending(0, 0) })
  await read({ can0: ascending(4, 0) })
  assert.equal(context.records[0]?.['can0.rx.bytes'], 4)
})

test('test_at_init fails at the start, and only there', async (t) => {
  const tree = new Tree(t, { 'net/dev': netDev({ lo: ascending(0, 0) }) })
  const options = optionsOf(netif, { interface: 'can', test_at_init: true })
  const failing = netifInput(options, new RecordingInputContext(), tree.root).run(new AbortController().signal)
  await assert.rejects(failing, { code: 'NETIF_NO_INTERFACE' })
  const { context, read } = await start(t, { can0: ascending(0, 0) }, { interface: 'can', test_at_init: true })
  await read({})
  assert.match(context.log.lines[0]?.message ?? '', /got none/)
})
