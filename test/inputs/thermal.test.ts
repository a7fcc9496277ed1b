import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import thermal from '../../inputs/thermal/index.js'
import { thermalInput } from '../../inputs/thermal/thermal-input.js'
import { wantedZones } from '../../inputs/thermal/zone-filter.js'
import { FakeClock } from '../support/fake-clock.js'
import { RecordingInputContext } from '../support/input-context.js'
import { optionsOf } from '../support/options.js'
import { running } from '../support/running.js'
import { Tree } from '../support/tree.js'

interface Setting {
  readonly tree: Tree
  readonly clock: FakeClock
  readonly context: RecordingInputContext
}

function addZone(tree: Tree, number: number, type: string, temp: string): void {
  tree.write(`class/thermal/thermal_zone${number}/type`, `${type}\n`)
  tree.write(`class/thermal/thermal_zone${number}/temp`, `${temp}\n`)
}

async function start(
  t: TestContext,
  zones: readonly [type: string, temp: string][],
  raw: object = {},
): Promise<Setting> {
  const tree = new Tree(t, { 'class/thermal/cooling_device0/type': 'fan\n' })
  for (const [number, [type, temp]] of zones.entries()) addZone(tree, number, type, temp)
  const clock = new FakeClock()
  const context = new RecordingInputContext(clock)
  const options = optionsOf(thermal, { ...raw })
  await running(t, thermalInput({ ...options, wanted: wantedZones(options) }, context, tree.root))
  return { tree, clock, context }
}

test('each zone is a record in degrees, all of one time', async (t) => {
  const { context } = await start(t, [
    ['cpu-thermal', '48312'],
    ['acpitz', '-5000'],
  ])
  assert.deepEqual(context.records, [
    { name: 'thermal_zone0', type: 'cpu-thermal', temp: 48.312 },
    { name: 'thermal_zone1', type: 'acpitz', temp: -5 },
  ])
  assert.deepEqual(context.events[0]?.time, context.events[1]?.time)
})

test('zones come in the order of their numbers', async (t) => {
  const { context } = await start(
    t,
    Array.from({ length: 12 }, (_, number) => ['soc', `${number}000`] as const).map(([a, b]) => [a, b]),
  )
  assert.deepEqual(
    context.records.map((record) => record['temp']),
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
  )
})

const filters: [name: string, options: object, expected: string[]][] = [
  ['by name', { name_regex: 'zone[01]$' }, ['cpu-thermal', 'gpu-thermal']],
  ['by type', { type_regex: '^.pu' }, ['cpu-thermal', 'gpu-thermal']],
  ['by both', { name_regex: '[12]$', type_regex: 'thermal' }, ['gpu-thermal']],
]

test('zones are chosen by name, by type or by both', async (t) => {
  assert.ok(filters.length > 0)
  for (const [name, options, expected] of filters) {
    await t.test(name, async (part) => {
      const { context } = await start(
        part,
        [
          ['cpu-thermal', '1'],
          ['gpu-thermal', '1'],
          ['acpitz', '1'],
        ],
        options,
      )
      assert.deepEqual(
        context.records.map((record) => record['type']),
        expected,
      )
    })
  }
})

test('a broken regular expression is told before anything runs', () => {
  const create = (): unknown => thermal.create(optionsOf(thermal, { type_regex: '(' }), new RecordingInputContext())
  assert.throws(create, { code: 'THERMAL_BAD_REGEX', message: /type_regex: expected a regular expression, got "\("/ })
})

test('a sensor that gives no temperature is left out and counted, and is back when it gives one', async (t) => {
  const { tree, clock, context } = await start(t, [
    ['cpu-thermal', '48000'],
    ['iwlwifi_1', ''],
    ['soc', '-274000'],
  ])
  assert.deepEqual(
    context.records.map((record) => record['type']),
    ['cpu-thermal'],
  )
  assert.deepEqual(context.counted, { unreadable_zones: 2 })
  addZone(tree, 1, 'iwlwifi_1', '35000')
  await clock.advance(1000)
  assert.deepEqual(
    context.records.slice(1).map((record) => record['temp']),
    [48, 35],
  )
})

test('zones come and go with their drivers', async (t) => {
  const { tree, clock, context } = await start(t, [['cpu-thermal', '48000']])
  addZone(tree, 3, 'modem', '40000')
  await clock.advance(1000)
  tree.remove('class/thermal/thermal_zone0')
  await clock.advance(1000)
  assert.deepEqual(
    context.records.map((record) => record['type']),
    ['cpu-thermal', 'cpu-thermal', 'modem', 'modem'],
  )
})

test('a zone whose number went to another driver has the type of that one', async (t) => {
  const { tree, clock, context } = await start(t, [['cpu-thermal', '48000']])
  tree.remove('class/thermal/thermal_zone0')
  await clock.advance(1000)
  addZone(tree, 0, 'modem', '40000')
  await clock.advance(1000)
  assert.deepEqual(
    context.records.map((record) => record['type']),
    ['cpu-thermal', 'modem'],
  )
})

test('a machine without zones says so once, and again when it lost those it had', async (t) => {
  const { tree, clock, context } = await start(t, [])
  await clock.advance(5000)
  const warnings = (): number => context.log.lines.filter(({ level }) => level === 'warn').length
  assert.equal(warnings(), 1)
  assert.match(context.log.lines[0]?.message ?? '', /has no thermal zone that is asked for in .*class\/thermal/)
  addZone(tree, 0, 'soc', '20000')
  await clock.advance(1000)
  assert.equal(context.events.length, 1)
  tree.remove('class')
  await clock.advance(5000)
  assert.equal(warnings(), 2)
})
