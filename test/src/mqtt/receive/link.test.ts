import assert from 'node:assert/strict'
import { once } from 'node:events'
import { Duplex } from 'node:stream'
import { describe, it } from 'node:test'
import { Link, type LinkOwner } from '../../../../src/mqtt/receive/link.js'
import { messageOf } from '../../../../src/plugin/errors.js'
import { FakeClock, settle } from '../../../support/fake-clock.js'
import { RecordingInputContext } from '../../../support/input-context.js'
import { publish } from '../../../support/mqtt-bytes.js'

function connection(): Duplex {
  return new Duplex({ read: () => undefined, write: (_bytes, _encoding, done) => done() })
}

function linkOver(stream: Duplex) {
  const context = new RecordingInputContext(new FakeClock())
  const failures: string[] = []
  let packets = 0
  const owner: LinkOwner & { isReady: boolean } = {
    isReady: true,
    isBusy: false,
    packet: () => ++packets > 0,
    flush: () => undefined,
    failed: (error) => void failures.push(messageOf(error)),
  }
  const link = new Link(stream, owner, { maxPacketBytes: 1024, stallMs: 30_000, firstByte: 0x30, context })
  link.start()
  return { clock: context.clock as FakeClock, failures, link, owner, packets: () => packets }
}

describe('a link of MQTT', () => {
  it('has ended where its stream closed before anybody listened', async () => {
    const stream = connection()
    stream.destroy()
    await once(stream, 'close')
    await linkOver(stream).link.ended
  })

  it('gives a packet its time anew after it was not read for a while', async () => {
    const stream = connection()
    const { clock, failures, link, owner, packets } = linkOver(stream)
    const bytes = publish()
    owner.isReady = false
    stream.push(Buffer.concat([bytes, bytes.subarray(0, 5)]))
    await settle()
    await clock.advance(60_000)
    owner.isReady = true
    link.look()
    await clock.advance(1000)
    link.sweep(clock.monotonic())
    assert.deepEqual(failures, [])
    stream.push(bytes.subarray(5))
    await settle()
    assert.equal(packets(), 2)
  })
})
