import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { describe, it, type TestContext } from 'node:test'

import { asked } from '../../support/admin.js'
import { endNow, world } from '../../support/agent-world.js'
import { settle } from '../../support/fake-clock.js'
import { SentEvents } from '../../support/tap-client.js'

/** An agent with an HTTP server on this port. */
async function served(t: TestContext, http_port = 0) {
  const made = await world({ service: { http_server: true, http_port } })
  t.after(() => endNow(made.agent))
  /** The part of the first line of the log that fits, once there is one. */
  const told = async (pattern: RegExp): Promise<string> => {
    for (;;) {
      const found = made.lines.map((line) => pattern.exec(line)?.[1]).find((part) => part !== undefined)
      if (found !== undefined) return found
      await settle()
    }
  }
  return { ...made, told, address: () => told(/ admin serves HTTP address=(\S+)/) }
}

describe('the HTTP server of an agent', () => {
  it('serves from the start to the stop', async (t) => {
    const { agent, address } = await served(t)
    await agent.start()
    const at = await address()
    assert.deepEqual(await asked(`http://${at}/api/v1/health`), [200, 'ok\n'])
    await endNow(agent)
    await assert.rejects(asked(`http://${at}/api/v1/health`), /fetch failed/)
  })

  it('tells what the agent has done', async (t) => {
    const { agent, clock, context, address } = await served(t)
    await agent.start()
    for (let n = 0; n < 3; n++) context.emit('in', { n })
    await clock.advance(1000)
    const at = await address()
    const [, ledger] = await asked(`http://${at}/ledger`)
    assert.deepEqual(JSON.parse(ledger), agent.ledger)
    assert.equal(agent.ledger.outputs['out']?.delivered, 3)
    const [, metrics] = await asked(`http://${at}/metrics`)
    assert.match(metrics, /^sluice_output_delivered_events_total\{output="out"\} 3$/m)
  })

  it('tells where the events of its inputs go, and those of a tag', async (t) => {
    const { agent, address } = await served(t)
    await agent.start()
    const url = `http://${await address()}/api/v2/routes`
    const [status, all] = await asked(url)
    assert.deepEqual([status, JSON.parse(all)], [200, { inputs: { in: { tag: 'in', filters: [], outputs: ['out'] } } }])
    assert.equal((await asked(`${url}?tags=x`))[0], 400)
  })

  it('shows events as its outputs get them', async (t) => {
    const { agent, clock, context, address } = await served(t)
    await agent.start()
    const events = await SentEvents.open(`http://${await address()}/tap?tag=i*`)
    context.emit('in', { n: 2 }, { seconds: 11, nanoseconds: 0 })
    await clock.advance(1000)
    assert.deepEqual(await events.upTo(1), ['{"tag":"in","time":"1970-01-01T00:00:11.000000000Z","record":{"n":2}}'])
    events.close()
  })

  it('costs no event where it cannot listen, and tries again', async (t) => {
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const { port } = taken.address() as AddressInfo
    const { agent, clock, context, output, told, address } = await served(t, port)
    await agent.start()
    await told(/ admin (failed: listen on )/)
    context.emit('in', { n: 0 })
    await clock.advance(1000)
    assert.equal(output.delivered.length, 1)
    taken.close()
    await once(taken, 'close')
    await clock.advance(60_000)
    assert.equal(await address(), `127.0.0.1:${port}`)
  })

  it('is none unless it is asked for', async (t) => {
    const { agent, clock, lines } = await world({})
    t.after(() => endNow(agent))
    await agent.start()
    await clock.advance(1000)
    assert.deepEqual(
      lines.filter((line) => line.includes('HTTP')),
      [],
    )
  })
})

it('an agent that would be open to every machine is not made', async () => {
  const service = { http_server: true, http_listen: '0.0.0.0' }
  await assert.rejects(world({ service }), /service: http_listen: expected a loopback address/)
})
