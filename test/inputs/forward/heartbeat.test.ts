import assert from 'node:assert/strict'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { describe, it } from 'node:test'
import forward from '../../../inputs/forward/index.js'
import { FakeClock, settle } from '../../support/fake-clock.js'
import { forwardListening } from '../../support/forward-input.js'
import { RecordingInputContext } from '../../support/input-context.js'
import { optionsOf } from '../../support/options.js'
import { within } from '../../support/within.js'

describe('heartbeats over UDP', () => {
  it('are answered with a zero byte, so many a second', async (t) => {
    const { context } = await forwardListening(t, { udp_heartbeat: true }, new FakeClock())
    const { fields } = await context.log.line('answering heartbeats')
    const socket = createSocket('udp4')
    t.after(() => socket.close())
    socket.send(Buffer.of(0), Number(String(fields?.['addresses']).split(':').at(-1)), '127.0.0.1')
    const [answer] = (await once(socket, 'message')) as [Buffer]
    assert.deepEqual([...answer], [0])
    let answers = 1
    socket.on('message', () => answers++)
    for (let sent = 0; sent < 110; sent++) {
      socket.send(Buffer.of(0), Number(String(fields?.['addresses']).split(':').at(-1)), '127.0.0.1')
      await settle()
    }
    await context.until(() => (context.counted['unanswered_heartbeats'] ?? 0) >= 11)
    assert.ok(answers <= 100)
  })

  it('end at once where the input is stopped before it begins', async () => {
    const context = new RecordingInputContext()
    const input = forward.create(optionsOf(forward, { port: 0, udp_heartbeat: true }), context)
    await within(20_000, input.run(AbortSignal.abort()), 'the input ends')
  })

  it('are not, unless that is asked for', async (t) => {
    const { context } = await forwardListening(t)
    assert.ok(!context.log.lines.some(({ message }) => message === 'answering heartbeats'))
  })
})
