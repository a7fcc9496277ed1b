import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { describe, it } from 'node:test'

import { defineStage, type StageContext } from '../../../src/http/define-stage.js'
import type { Stage } from '../../../src/http/stage.js'
import { parsed } from '../../../src/plugin/common-options.js'
import { endNow, world } from '../../support/agent-world.js'
import { settle } from '../../support/fake-clock.js'
import { folderOf } from '../../support/folder.js'
import { rawExchange } from '../../support/raw-http.js'
import type { Server } from '../../support/pipeline.js'

/** A server `web` on a free port, whose one stage `s` is what the test makes of its context. */
function serverOf(create: (context: StageContext) => Stage, listen = '127.0.0.1:0'): Server {
  const definition = defineStage({ summary: 'A stage.', options: {}, create: (_, context) => create(context) })
  return { id: 'web', options: { listen }, stages: [['s', definition]] }
}

/** Where the server came to listen, once the log tells. */
async function addressIn(lines: readonly string[]): Promise<string> {
  for (;;) {
    const address = lines.map((line) => /web listening .*?(127\.0\.0\.1:\d+)/.exec(line)?.[1]).find(Boolean)
    if (address !== undefined) return `http://${address}`
    await settle()
  }
}

const noting = (context: StageContext): Stage => ({
  handle(exchange) {
    context.emit(context.tag, { path: exchange.path })
    return exchange.reply(204)
  },
})

describe('servers of an agent', () => {
  it('bring the events of their stages into the pipeline, counted as those of an input', async () => {
    const { agent, lines, output } = await world({ servers: [serverOf(noting)] })
    await agent.start()
    await fetch(`${await addressIn(lines)}/a`)
    await settle()
    assert.deepEqual(output.delivered, [{ tag: 'web', record: { path: '/a' } }])
    assert.deepEqual([agent.ledger.inputs['web']?.accepted, agent.ledger.inputs['web']?.delivered], [1, 1])
    await endNow(agent)
  })

  it('give each stage its own name in the log and its own part of the state', async (t) => {
    const folder = folderOf(t, {})
    const keeping = ({ id, log, state }: StageContext): Stage => ({
      handle(exchange) {
        state.set('seen', exchange.path)
        log.warn('noted', { id, before: state.get('seen') ?? '' })
        return exchange.reply(204)
      },
    })
    const { agent, lines, clock } = await world({ service: { 'storage.path': folder }, servers: [serverOf(keeping)] })
    await agent.start()
    await fetch(`${await addressIn(lines)}/a`)
    assert.ok(
      lines.some((line) => /warn {2}s noted id=s before=\/a/.test(line)),
      lines.join('\n'),
    )
    const stopped = agent.stop()
    await clock.advance(1000)
    await stopped
    assert.equal(readFileSync(join(folder, 'state', 'web.json'), 'utf8'), '{"s/seen":"/a"}')
  })

  it('let a stage see what an output last set, and the other way round', async () => {
    const reading = ({ latest }: StageContext): Stage => ({
      handle: (exchange) => exchange.json(200, latest.get('door')?.record),
    })
    const { agent, lines, outputContext } = await world({ servers: [serverOf(reading)] })
    outputContext.latest.set('door', '', { open: true }, { seconds: 1, nanoseconds: 0 })
    await agent.start()
    assert.deepEqual(await (await fetch(await addressIn(lines))).json(), { open: true })
    await endNow(agent)
  })

  it('give a stage the parser that its options name, and only requests of its hosts', async () => {
    const definition = defineStage({
      summary: 'A stage.',
      options: { ...parsed },
      create: ({ parser = '' }, context) => ({
        async handle(exchange) {
          const [found] = context.parser(parser).parse(await exchange.body())
          return exchange.json(200, found?.record)
        },
      }),
    })
    const stages = [['s', definition, { parser: 'json', hosts: 'Panel.Example' }]] as const
    const { agent, lines } = await world({ servers: [{ id: 'web', options: { listen: '127.0.0.1:0' }, stages }] })
    await agent.start()
    const { port } = new URL(await addressIn(lines))
    const answer = (host: string): Promise<string> =>
      rawExchange(
        Number(port),
        `POST / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\nContent-Length: 7\r\n\r\n{"a":1}`,
      )
    assert.match(await answer('panel.example'), /\r\n\r\n\{"a":1\}/)
    assert.match(await answer('other.example'), /^HTTP\/1.1 404 /)
    await endNow(agent)
  })

  it('try again after a while where they cannot listen', async (t) => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    t.after(() => other.close())
    const { port } = other.address() as AddressInfo
    const { agent, clock, lines } = await world({ servers: [serverOf(noting, `127.0.0.1:${port}`)] })
    await agent.start()
    while (!lines.some((line) => /error web failed: listen on 127.0.0.1:\d+: .*EADDRINUSE/.test(line))) await settle()
    other.close()
    await once(other, 'close')
    await clock.advance(60_000)
    assert.equal(await addressIn(lines), `http://127.0.0.1:${port}`)
    await endNow(agent)
  })

  it('answer what they have begun when the agent stops, and the event of it is delivered', async () => {
    let finish = (): void => undefined
    let begin = (): void => undefined
    const begun = new Promise<void>((resolve) => (begin = resolve))
    const slow = (context: StageContext): Stage => ({
      handle: (exchange) =>
        new Promise((resolve) => {
          finish = () => {
            context.emit('late', { n: 1 })
            resolve(exchange.reply(200, 'done'))
          }
          begin()
        }),
    })
    const { agent, clock, lines, output } = await world({ servers: [serverOf(slow)] })
    await agent.start()
    const asked = fetch(await addressIn(lines))
    await begun
    const stopped = agent.stop()
    await settle()
    finish()
    assert.equal(await (await asked).text(), 'done')
    await clock.advance(0)
    await stopped
    assert.deepEqual(output.delivered, [{ tag: 'late', record: { n: 1 } }])
  })
})
