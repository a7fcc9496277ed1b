import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { checkConfig } from '../../../src/config/check.js'
import { joinDocuments } from '../../../src/config/document.js'
import { documentOf, type PlainConfig } from '../../../src/config/plain-config.js'
import * as registry from '../../../src/registry/registry.js'

type Service = NonNullable<PlainConfig['service']>

const pipeline = { inputs: [{ name: 'dummy' }], outputs: [{ name: 'null' }] }
const document = (config: PlainConfig) => documentOf(config, (section, name) => `${section} ${name}`)

/** The settings of two documents, of which the second one comes on top. */
async function settings(earlier: Service, later: Service) {
  const joined = joinDocuments(document({ service: earlier, ...pipeline }), document({ service: later }))
  const { pipeline: checked, problems } = await checkConfig(joined, registry)
  assert.deepEqual(problems, [])
  return checked?.service ?? assert.fail('no settings')
}

describe('settings that come on top of others', () => {
  for (const [how, earlier, later] of [
    ['both with dots', { 'storage.path': '/a', 'storage.mode': 'durable' }, { 'storage.path': '/b' }],
    ['a dot on a map', { storage: { path: '/a', mode: 'durable' } }, { 'storage.path': '/b' }],
    ['a map on a dot', { 'storage.path': '/a', 'storage.mode': 'durable' }, { storage: { path: '/b' } }],
    ['a map on a map', { storage: { path: '/a', mode: 'durable' } }, { storage: { path: '/b' } }],
    ['another case', { Storage: { Path: '/a', Mode: 'durable' } }, { 'storage.path': '/b' }],
  ] as const) {
    it(`replace the same and leave the others, ${how}`, async () => {
      const { 'storage.path': path, 'storage.mode': mode } = await settings(earlier, later)
      assert.deepEqual([path, mode], ['/b', 'durable'])
    })
  }

  it('add lanes to lanes', async () => {
    const { lanes } = await settings(
      { 'storage.path': '/a', lanes: { one: {}, two: { priority: 1 } } },
      { lanes: { two: { priority: 2 } } },
    )
    assert.deepEqual(
      Object.entries(lanes ?? {}).map(([name, { priority }]) => [name, priority]),
      [
        ['one', 0],
        ['two', 2],
      ],
    )
  })
})
