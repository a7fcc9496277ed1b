import assert from 'node:assert/strict'
import { test } from 'node:test'

import { ReloadedAgent } from '../support/reloaded.js'

const pipeline = (match: string): string =>
  `{inputs: [{name: dummy, alias: cans, tag: can.0}, {name: dummy, alias: host, tag: host.cpu}],
    filters: [{name: modify, alias: named, match: 'can.*', add: [unit 7]}],
    outputs: [{name: 'null', alias: all, match: '*'}, {name: 'null', alias: some, match: '${match}'}]}`

test('an agent says which filters and outputs take a tag, and after a reload what is so then', async (t) => {
  const agent = await ReloadedAgent.start(t, pipeline('can.*'))
  assert.deepEqual(await agent.asked('/api/v2/routes'), [
    200,
    {
      inputs: {
        cans: { tag: 'can.0', filters: ['named'], outputs: ['all', 'some'] },
        host: { tag: 'host.cpu', filters: [], outputs: ['all'] },
      },
    },
  ])
  const takers = async (tag: string): Promise<unknown> => (await agent.asked(`/api/v2/routes?tag=${tag}`))[1]
  assert.deepEqual(await takers('can.7'), { tag: 'can.7', filters: ['named'], outputs: ['all', 'some'] })
  assert.deepEqual(await takers('gps'), { tag: 'gps', filters: [], outputs: ['all'] })
  agent.write(pipeline('host.*'))
  await agent.hangUp()
  assert.deepEqual(await takers('host.x'), { tag: 'host.x', filters: [], outputs: ['all', 'some'] })
  assert.deepEqual(await takers('can.7'), { tag: 'can.7', filters: ['named'], outputs: ['all'] })
})
