import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { problemText } from '../../../src/config/node.js'
import { checkConfig } from '../../../src/config/check.js'
import { documentOf, type PlainConfig } from '../../../src/config/plain-config.js'
import * as registry from '../../../src/registry/registry.js'

const mebibyte = 1024 * 1024

async function check(config: PlainConfig) {
  const pipeline = { inputs: [{ name: 'dummy' }], outputs: [{ name: 'null' }] }
  const document = documentOf({ ...pipeline, ...config }, (section, name) => `${section} ${name}`)
  const { pipeline: checked, problems } = await checkConfig(document, registry)
  return { lanes: checked?.lanes ?? [], problems: problems.map(problemText) }
}

async function defaultLane(service: PlainConfig['service'], more: PlainConfig = {}) {
  const { lanes, problems } = await check({ service: service ?? {}, ...more })
  assert.deepEqual(problems, [])
  return lanes[0] ?? assert.fail('no lane')
}

describe('the lanes of a configuration', () => {
  it('are one in memory, unless there is a folder, which the events then spill to', async () => {
    const { name, mode, memory } = await defaultLane({})
    assert.deepEqual({ name, mode, memory }, { name: 'default', mode: 'memory', memory: 64 * mebibyte })
    assert.equal((await defaultLane({ 'storage.path': '/x' })).mode, 'spill')
    assert.equal((await defaultLane({ storage: { path: '/x', mode: 'durable' } })).mode, 'durable')
  })

  it('share the memory, of which the default lane has what the others leave', async () => {
    const lanes = { alarms: { mode: 'durable', memory: '4MiB', priority: 10 }, bulk: {} }
    const checked = await check({ service: { memory_limit: '32MiB', 'storage.path': '/x', lanes } })
    assert.deepEqual(checked.problems, [])
    assert.deepEqual(
      checked.lanes.map(({ name, mode, memory, priority }) => [name, mode, memory / mebibyte, priority]),
      [
        ['default', 'spill', 24, 0],
        ['alarms', 'durable', 4, 10],
        ['bulk', 'spill', 4, 0],
      ],
    )
  })

  it('leave to the default lane what its own share says', async () => {
    const lanes = { alarms: { memory: '4MiB' } }
    const service = { memory_limit: '32MiB', storage: { path: '/x', memory: '8MiB' }, lanes }
    assert.equal((await defaultLane(service)).memory, 8 * mebibyte)
    const { problems } = await check({ service: { ...service, storage: { path: '/x', memory: '30MiB' } } })
    assert.match(problems.join(), /expected the shares of memory to leave 30MiB of memory_limit \(32MiB\)/)
  })

  it('have files of a size that goes with their share of the disk, unless told otherwise', async () => {
    const sizeOf = async (more: object): Promise<number> =>
      (await defaultLane({ storage: { path: '/x', ...more } })).segment_size / mebibyte
    assert.equal(await sizeOf({}), 4)
    assert.equal(await sizeOf({ disk_limit: '1GiB' }), 4)
    assert.equal(await sizeOf({ disk_limit: '8MiB' }), 1)
    assert.equal(await sizeOf({ disk_limit: '512KiB' }), 0.25)
    assert.equal(await sizeOf({ disk_limit: '8MiB', segment_size: '2MiB' }), 2)
  })

  it('understand what the files of Fluent Bit say', async () => {
    assert.equal((await defaultLane({ 'storage.path': '/x', 'storage.type': 'memory' })).mode, 'memory')
    assert.equal((await defaultLane({ 'storage.path': '/x', 'storage.type': 'filesystem' })).mode, 'spill')
    const inputs = [{ name: 'dummy', 'storage.type': 'filesystem' }]
    const outputs = ['10M', '30M'].map((limit) => ({ name: 'null', match: '*', 'storage.total_limit_size': limit }))
    assert.equal((await defaultLane({ 'storage.path': '/x' }, { inputs, outputs })).disk_limit, 30_000_000)
    const small = [{ name: 'null', match: '*', 'storage.total_limit_size': '1M' }]
    assert.equal((await defaultLane({ 'storage.path': '/x' }, { outputs: small })).disk_limit, 1_000_000)
    const own = { 'storage.path': '/x', 'storage.disk_limit': '20M' }
    assert.equal((await defaultLane(own, { inputs, outputs })).disk_limit, 20_000_000)
  })

  for (const [what, config, message] of [
    [
      'a mode that needs a folder',
      { service: { 'storage.mode': 'durable' } },
      /service\.storage\.mode: expected a service\.storage\.path beside "durable"/,
    ],
    [
      'a lane that needs one',
      { service: { lanes: { a: { mode: 'spill' } } } },
      /service\.lanes\.a\.mode: expected a service\.storage\.path/,
    ],
    [
      'a disk too small for its segments',
      { service: { storage: { path: '/x', disk_limit: '5M', segment_size: '4MiB' } } },
      /service\.storage\.disk_limit: expected room for two segments \(segment_size 4MiB\)/,
    ],
    [
      'shares that leave nothing',
      { service: { memory_limit: '4M', lanes: { a: { memory: '4M' } } } },
      /service\.lanes: expected the shares of memory to leave 1MiB/,
    ],
    [
      'a name that is no name of a folder',
      { service: { lanes: { '../a': {} } } },
      /service\.lanes\.\.\.\/a: expected a name of letters/,
    ],
    ['a second default lane', { service: { lanes: { default: {} } } }, /service\.lanes\.default: expected a name/],
    [
      'an unknown lane',
      { service: { lanes: { alarms: {} } }, inputs: [{ name: 'dummy', lane: 'alarm' }] },
      /inputs\[0\]\.lane: unknown lane "alarm"; did you mean "alarms"\?/,
    ],
    [
      'a promise that memory cannot keep',
      { inputs: [{ name: 'dummy', ack: 'stored' }] },
      /inputs\[0\]\.ack: expected a lane on disk beside "stored", got "default", which is held in memory; set service\.storage\.path/,
    ],
    [
      'a type of storage that memory is not',
      { inputs: [{ name: 'dummy', 'storage.type': 'filesystem' }] },
      /inputs\[0\]\.storage\.type: expected a lane on disk beside "filesystem"/,
    ],
  ] as const) {
    it(`are refused for ${what}`, async () => {
      const { problems } = await check(config)
      assert.equal(problems.length, 1, problems.join('\n'))
      assert.match(problems[0] ?? '', message)
    })
  }

  it('are warned of limits of a disk that they do not write to', async () => {
    const storage = { disk_limit: '1MiB', spill_after: '1s', max_age: '1h' }
    const inMemory = await check({ service: { storage, dead_letter_limit: '1MiB' } })
    assert.deepEqual(inMemory.problems, [
      'service service: warning: service.storage.disk_limit: no effect, since the lane is held in memory; set service.storage.path',
      'service service: warning: service.storage.spill_after: no effect, since the lane is held in memory; set service.storage.path',
      'service service: warning: service.dead_letter_limit: no effect without a service.storage.path',
    ])
    const lanes = { Alarms: { mode: 'memory', segment_size: '1MiB' }, kept: { mode: 'durable', spill_after: '1s' } }
    const onDisk = await check({ service: { 'storage.path': '/x', 'storage.disk_limit': '1MiB', lanes } })
    assert.deepEqual(onDisk.problems, [
      'service service: warning: service.lanes.Alarms.segment_size: no effect, since the lane is held in memory',
      'service service: warning: service.lanes.kept.spill_after: no effect, since the lane is durable',
    ])
  })
})
