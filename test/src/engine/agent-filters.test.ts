import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { FilterContext } from '../../../src/plugin/context.js'
import { defineFilter, type Filter } from '../../../src/plugin/define.js'
import { world } from '../../support/agent-world.js'
import { batchOf } from '../../support/batch.js'
import { settle } from '../../support/fake-clock.js'

const filterOf = (create: (context: FilterContext) => Filter) =>
  defineFilter({ summary: 'A filter.', options: {}, create: (_, context) => create(context) })

describe('an agent with filters', () => {
  it('runs filters in order, counts what they drop and add', async () => {
    const double = filterOf(() => ({ apply: (event) => [event, { ...event, tag: 'copy' }] }))
    const even = filterOf(() => ({ apply: (event) => (Number(event.record['n']) % 2 === 0 ? event : undefined) }))
    const { agent, context, output } = await world({
      filters: [
        ['even', even],
        ['double', double, { match: 'a' }],
      ],
    })
    for (let n = 0; n < 4; n++) context.emit('a', { n })
    context.emit('b', { n: 4 })
    await settle()
    assert.deepEqual(output.delivered.map(({ tag, record }) => `${tag}${String(record['n'])}`).sort(), [
      'a0',
      'a2',
      'b4',
      'copy0',
      'copy2',
    ])
    const { accepted, added, filtered, delivered } = agent.ledger.inputs['in'] ?? assert.fail()
    assert.deepEqual({ accepted, added, filtered, delivered }, { accepted: 5, added: 2, filtered: 2, delivered: 5 })
    await agent.stop()
  })

  it('filters entries that came encoded, and acknowledges them once', async () => {
    const odd = filterOf(() => ({ apply: (event) => (Number(event.record['n']) % 2 === 1 ? event : undefined) }))
    const { agent, context, output } = await world({ filters: [['odd', odd]], inputOptions: { ack: 'delivered' } })
    const [chunk] = batchOf([0, 1, 2, 3].map((n) => ({ record: { n } }))).chunks
    assert.ok(chunk)
    const acks: (Error | undefined)[] = []
    context.emitEntries('a', chunk.entries, chunk.count, (error) => acks.push(error))
    await settle()
    assert.deepEqual(output.records, [{ n: 1 }, { n: 3 }])
    assert.deepEqual(acks, [undefined])
    await agent.stop()
  })

  it('drops and counts an event whose filter throws, and goes on', async () => {
    const picky = filterOf(() => ({
      apply(event) {
        if (event.record['n'] === 0) throw new Error('cannot')
        return event
      },
    }))
    const { agent, context, output } = await world({ filters: [['picky', picky]] })
    context.emit('a', { n: 0 })
    context.emit('a', { n: 1 })
    await settle()
    assert.deepEqual(output.records, [{ n: 1 }])
    assert.deepEqual(agent.ledger.inputs['in']?.dropped, { filter_failed: 1 })
    await agent.stop()
  })

  it('counts what a filter puts back into the pipeline on its own account', async () => {
    const moving = filterOf((context) => ({
      apply({ record, time }) {
        context.emit('moved', record, time)
        return undefined
      },
    }))
    const { agent, context, output } = await world({ filters: [['moving', moving, { match: 'a' }]] })
    context.emit('a', { n: 0 })
    await settle()
    assert.deepEqual(output.delivered, [{ tag: 'moved', record: { n: 0 } }])
    assert.equal(agent.ledger.filters['moving']?.delivered, 1)
    assert.equal(agent.ledger.inputs['in']?.filtered, 1)
    await agent.stop()
  })

  it('accounts for entries that turn out to be corrupt half-way, and tells their sender once', async () => {
    const all = filterOf(() => ({ apply: (event) => event }))
    const { agent, context, output } = await world({ filters: [['all', all]], inputOptions: { ack: 'delivered' } })
    const [chunk] = batchOf([{ record: { n: 1 } }, { record: { n: 2 } }]).chunks
    assert.ok(chunk)
    const acks: (Error | undefined)[] = []
    context.emitEntries('a', chunk.entries.subarray(0, -1), 2, (error) => acks.push(error))
    await settle()
    assert.deepEqual(output.records, [{ n: 1 }])
    const { accepted, delivered, dropped, pending } = agent.ledger.inputs['in'] ?? assert.fail()
    assert.deepEqual(
      { accepted, delivered, dropped, pending },
      { accepted: 2, delivered: 1, dropped: { corrupt: 1 }, pending: 0 },
    )
    assert.match(acks[0]?.message ?? '', /corrupt/)
    assert.equal(acks.length, 1)
    await agent.stop()
  })
})
