import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Agent } from '../../src/engine/agent.js'
import { HttpDestination } from '../support/http-destination.js'
import { recordsOf } from '../support/http-output.js'
import { Nginx } from '../support/nginx.js'
import { peer } from '../support/peers.js'
import { within } from '../support/within.js'

const eventCount = 300

test(
  'an agent whose nginx goes away and comes back delivers everything once, in order',
  { skip: peer('nginx').skip },
  async () => {
    const behind = await new HttpDestination().listen()
    const nginx = await Nginx.start(`location / { proxy_pass http://127.0.0.1:${behind.port}; }`)
    const agent = await Agent.create({
      service: { flush: '10ms', grace: '20s', 'scheduler.base': '50ms', 'scheduler.cap': '100ms' },
      pipeline: {
        outputs: [
          { name: 'http', match: '*', port: nginx.port, uri: '/in', format: 'json_lines' },
          { name: 'lib', match: '*', alias: 'live', callback: () => undefined },
        ],
      },
      log: () => undefined,
    })
    const emit = async (from: number, to: number): Promise<void> => {
      for (let n = from; n < to; n++) await agent.emit('test', { n })
    }
    await agent.start()
    try {
      await emit(0, 100)
      await within(20_000, delivered(agent, 'http.0', 100), 'the first events')
      await nginx.stop()
      await emit(100, 200)
      await within(20_000, delivered(agent, 'live', 200), 'the live output')
      assert.equal(agent.ledger.outputs['http.0']?.delivered, 100)
      await nginx.start()
      await emit(200, eventCount)
      await within(30_000, agent.stop(), 'the end')
      assert.equal(agent.ledger.outputs['http.0']?.delivered, eventCount)
      const numbers = behind.requests.flatMap((request) => recordsOf(request).map(({ n }) => n))
      assert.deepEqual(
        numbers,
        Array.from({ length: eventCount }, (_, n) => n),
      )
    } finally {
      await agent.stop()
      await nginx.end()
      await behind.close()
    }
  },
)

/** Resolves once an output delivered so many events. */
async function delivered(agent: Agent, output: string, count: number): Promise<void> {
  while ((agent.ledger.outputs[output]?.delivered ?? 0) < count) await new Promise((resolve) => setImmediate(resolve))
}
