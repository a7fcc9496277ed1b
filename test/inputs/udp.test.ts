import assert from 'node:assert/strict'
import { createSocket } from 'node:dgram'
import { after, describe, it } from 'node:test'

import udp from '../../inputs/udp/index.js'
import { systemClock } from '../../src/base/clock.js'
import { RecordingInputContext } from '../support/input-context.js'
import { optionsOf } from '../support/options.js'
import { parserNamed } from '../support/parsers.js'

const stop = new AbortController()
const running: Promise<void>[] = []
const sender = createSocket('udp4')
after(async () => {
  sender.close()
  stop.abort()
  await Promise.all(running)
})

async function listening(raw: { readonly [option: string]: unknown } = {}) {
  const context = new RecordingInputContext(systemClock, parserNamed)
  running.push(udp.create(optionsOf(udp, { port: 0, ...raw }), context).run(stop.signal))
  const line = await context.log.line('listening')
  return { context, port: Number(line.fields?.['port']) }
}

describe('udp input', () => {
  it('takes every datagram by itself: what one leaves unfinished does not reach into the next', async () => {
    const { context, port } = await listening()
    sender.send('{"a":1}{"b":2}', port, '127.0.0.1')
    await context.received(2)
    sender.send('{"torn":', port, '127.0.0.1')
    await context.until(() => context.dropped['invalid'] === 1)
    sender.send('{"c":3}', port, '127.0.0.1')
    await context.received(3)
    assert.deepEqual(context.records, [{ a: 1 }, { b: 2 }, { c: 3 }])
  })

  it('takes lines as they are and says who sent them', async () => {
    const { context, port } = await listening({ format: 'none', source_address_key: 'from' })
    sender.send('one\ntwo', port, '127.0.0.1')
    await context.received(2)
    assert.deepEqual(context.records, [
      { log: 'one', from: '127.0.0.1' },
      { log: 'two', from: '127.0.0.1' },
    ])
  })

  it('says which port it cannot have', async () => {
    const { port } = await listening()
    const context = new RecordingInputContext(systemClock, parserNamed)
    const failed = udp.create(optionsOf(udp, { port }), context).run(stop.signal)
    await assert.rejects(failed, new RegExp(`listen on 127\\.0\\.0\\.1:${port}: .*EADDRINUSE`))
  })
})
