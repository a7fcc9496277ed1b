import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { FakeClock, settle } from '../../support/fake-clock.js'
import { forwardListening, latin, numberedEntries, packed } from '../../support/forward-input.js'

const message = (chunk: string, tag = 't'): Buffer => packed(tag, numberedEntries(2), { chunk })
const ack = '\x81\xa3ack\xa3one'

describe('the forward input with dedupe', () => {
  it('takes a chunk once, and acknowledges each time', async (t) => {
    const { context, client } = await forwardListening(t, { dedupe: '1m' })
    const [first, again] = [await client(), await client()]
    first.send(message('one'))
    await first.until(/one/)
    again.send(message('one'))
    assert.equal(await again.until(/one/), ack)
    assert.deepEqual([context.events.length, context.counted], [2, { repeated_chunks: 1 }])
  })

  it('has a repeat wait for the chunk that is still under way', async (t) => {
    const { context, client } = await forwardListening(t, { dedupe: '1m' })
    context.acksAtOnce = false
    const [first, again] = [await client(), await client()]
    first.send(message('one'))
    await context.received(2)
    again.send(message('one'))
    await context.until(() => context.counted['repeated_chunks'] === 1)
    await settle()
    assert.equal(again.text, '')
    context.taken[0]?.ack?.()
    assert.deepEqual([await first.until(/one/), await again.until(/one/)], [ack, ack])
    assert.equal(context.events.length, 2)
  })

  it('takes a chunk again that was not taken the first time, and tells those who waited', async (t) => {
    const { context, client } = await forwardListening(t, { dedupe: '1m' })
    context.acksAtOnce = false
    const [first, again, third] = [await client(), await client(), await client()]
    first.send(message('one'))
    await context.received(2)
    again.send(message('one'))
    await context.until(() => context.counted['repeated_chunks'] === 1)
    context.taken[0]?.ack?.(new Error('no room'))
    assert.deepEqual([await first.closed, await again.closed], ['', ''])
    third.send(message('one'))
    await context.received(4)
    context.taken[1]?.ack?.()
    assert.equal(await third.until(/one/), ack)
  })

  it('forgets a chunk that was refused', async (t) => {
    const { context, client } = await forwardListening(t, { dedupe: '1m' })
    const [bad, good] = [await client(), await client()]
    bad.send(packed('t', latin('\x01'), { chunk: 'one' }))
    assert.equal(await bad.closed, '')
    good.send(message('one'))
    assert.equal(await good.until(/one/), ack)
    assert.deepEqual(context.counted, { refused_invalid_entries: 1 })
  })

  it('takes the same id under another tag, and after the window', async (t) => {
    const clock = new FakeClock()
    const { context, client } = await forwardListening(t, { dedupe: '1m' }, clock)
    const sender = await client()
    sender.send(Buffer.concat([message('one'), message('one', 'other')]))
    await context.received(4)
    await clock.advance(60_001)
    sender.send(message('one'))
    await context.received(6)
    assert.deepEqual(context.counted, {})
  })

  it('knows a chunk that is under way for longer than the window, and for the window once it was taken', async (t) => {
    const clock = new FakeClock()
    const { context, client } = await forwardListening(t, { dedupe: '1m' }, clock)
    context.acksAtOnce = false
    const [first, again] = [await client(), await client()]
    first.send(message('one'))
    await context.received(2)
    await clock.advance(600_000)
    again.send(message('one'))
    await context.until(() => context.counted['repeated_chunks'] === 1 || context.events.length > 2)
    context.taken[0]?.ack?.()
    assert.deepEqual([await first.until(/one/), await again.until(/one/)], [ack, ack])
    await clock.advance(59_000)
    const late = await client()
    late.send(message('one'))
    assert.equal(await late.until(/one/), ack)
    assert.deepEqual([context.events.length, context.counted], [2, { repeated_chunks: 2 }])
  })

  it('takes every message whose id is empty, in whichever form', async (t) => {
    const { context, client } = await forwardListening(t, { dedupe: '1m' })
    const sender = await client()
    const empty = (id: string): Buffer => Buffer.concat([latin('\x93\xa1t\x90\x81\xa5chunk'), latin(id)])
    const withEvents = (): Buffer => packed('t', numberedEntries(2), { chunk: '' })
    sender.send(Buffer.concat([withEvents(), withEvents(), empty('\xd9\x00'), empty('\xd9\x00')]))
    await sender.until(/(ack\xa0.*){2}(ack\xd9.*){2}/s)
    assert.deepEqual([context.events.length, context.counted], [4, {}])
  })

  it('takes each repeat where it is off', async (t) => {
    const { context, client } = await forwardListening(t)
    const sender = await client()
    sender.send(Buffer.concat([message('one'), message('one')]))
    await context.received(4)
    assert.deepEqual(context.counted, {})
  })
})
