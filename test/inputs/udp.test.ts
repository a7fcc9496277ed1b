import assert from 'node:assert/strict'
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { networkInterfaces } from 'node:os'
import { describe, it, type TestContext } from 'node:test'

import udp from '../../inputs/udp/index.js'
import { systemClock } from '../../src/base/clock.js'
import { RecordingInputContext } from '../support/input-context.js'
import { listeningPort } from '../support/listening.js'
import { optionsOf } from '../support/options.js'
import { parserNamed } from '../support/parsers.js'
import { running } from '../support/running.js'

/** An input and a socket that is connected to it. */
async function listening(t: TestContext, raw: object = {}, host = '127.0.0.1') {
  const context = new RecordingInputContext(systemClock, parserNamed)
  await running(t, udp.create(optionsOf(udp, { port: 0, listen: host, ...raw }), context))
  const port = await listeningPort(context.log)
  const sender: Socket = createSocket(host.includes(':') ? 'udp6' : 'udp4')
  t.after(() => sender.close())
  sender.connect(port, host)
  await once(sender, 'connect')
  return { context, port, sender }
}

describe('udp input', () => {
  it('takes every datagram by itself: what one leaves unfinished does not reach into the next', async (t) => {
    const { context, sender } = await listening(t)
    sender.send('{"a":1}{"b":2}')
    await context.received(2)
    sender.send('{"torn":')
    await context.until(() => context.dropped['invalid'] === 1)
    sender.send('')
    sender.send('{"c":3}\n[4]')
    await context.received(4)
    assert.deepEqual(context.records, [{ a: 1 }, { b: 2 }, { c: 3 }, { msg: [4] }])
    assert.deepEqual(context.dropped, { invalid: 1 })
    assert.equal(context.acks.length, 2, 'a datagram is handed over in one piece')
  })

  it('takes lines as they are and says who sent them', async (t) => {
    const { context, sender } = await listening(t, { format: 'none', source_address_key: 'from', separator: ';' })
    sender.send('one;two\n;;three')
    await context.received(3)
    const from = `udp://127.0.0.1:${sender.address().port}`
    assert.deepEqual(context.records, [
      { log: 'one', from },
      { log: 'two\n', from },
      { log: 'three', from },
    ])
  })

  it('takes the frames that its own framing finds in each datagram', async (t) => {
    const { context, sender } = await listening(t, { format: 'none', framing: { type: 'slip' } })
    sender.send(Buffer.from('c06f6e65c074dbdc77c0', 'hex'))
    sender.send(Buffer.from('db00c0', 'hex'))
    sender.send(Buffer.from('c03434', 'hex'))
    sender.send(Buffer.from('c03333c0', 'hex'))
    await context.received(3)
    assert.deepEqual(context.records, [{ log: 'one' }, { log: 't\ufffdw' }, { log: '33' }])
    assert.deepEqual(context.dropped, { bad_stuffing: 1, cut_off: 1 })
  })

  it('takes what a parser makes of it', async (t) => {
    const { context, sender } = await listening(t, { parser: 'json', format: 'none' })
    sender.send('[5.5,{"a":1}]{"b":2}')
    await context.received(2)
    assert.deepEqual(context.records, [{ a: 1 }, { b: 2 }])
    assert.deepEqual(context.events[0]?.time, { seconds: 5, nanoseconds: 500_000_000 })
  })

  it('drops a frame that is too long, and takes the largest datagram there is', async (t) => {
    const { context, sender } = await listening(t, { format: 'none', buffer_size: 1 })
    sender.send(`${'x'.repeat(1025)}\n${'y'.repeat(1024)}`)
    await context.received(1)
    assert.deepEqual([context.records, context.dropped], [[{ log: 'y'.repeat(1024) }], { too_long: 1 }])
    sender.send('z\n'.repeat(32_753))
    await context.received(32_754)
  })

  it('listens on IPv6', { skip: hasIpv6() ? false : 'this machine has no IPv6' }, async (t) => {
    const { context, sender } = await listening(t, { source_address_key: 'from', receive_buffer_size: '64KiB' }, '::1')
    sender.send('{"a":1}')
    await context.received(1)
    assert.deepEqual(context.records, [{ a: 1, from: `udp://[::1]:${sender.address().port}` }])
  })

  it('keeps taking while there is no room: nobody can be told to wait', async (t) => {
    const { context, sender } = await listening(t)
    context.hasRoom = false
    for (let n = 0; n < 5; n++) sender.send(`{"n":${n}}`)
    await context.received(5)
    assert.deepEqual(
      context.records,
      [0, 1, 2, 3, 4].map((n) => ({ n })),
    )
  })

  it('says which port it cannot have', async (t) => {
    const { port } = await listening(t)
    const failed = udp.create(optionsOf(udp, { port }), new RecordingInputContext()).run(t.signal)
    await assert.rejects(failed, new RegExp(`listen on 127\\.0\\.0\\.1:${port}: .*EADDRINUSE`))
  })
})

function hasIpv6(): boolean {
  return Object.values(networkInterfaces()).some((addresses) => addresses?.some(({ family }) => family === 'IPv6'))
}
