import { type EventModes, EventTime, FluentClient, type FluentClientOptions } from '@fluent-org/logger'
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import forwardOutput from '../../../outputs/forward/index.js'
import type { EventRecord } from '../../../src/event/event.js'
import { batchOf } from '../../support/batch.js'
import { folderOf } from '../../support/folder.js'
import { forwardListening, numberedEntries, packed } from '../../support/forward-input.js'
import { optionsOf } from '../../support/options.js'
import { RecordingOutputContext } from '../../support/output-context.js'
import { RawClient } from '../../support/raw-client.js'

/** A client written by others. */
async function clientOf(t: TestContext, port: number, options: Partial<FluentClientOptions>): Promise<FluentClient> {
  const client = new FluentClient('their', {
    socket: { host: '127.0.0.1', port },
    ack: { ackTimeout: 20_000 },
    ...options,
  })
  t.after(() => client.shutdown())
  await client.connect()
  return client
}

const modes: readonly EventModes[] = ['Message', 'Forward', 'PackedForward', 'CompressedPackedForward']
const security = { clientHostname: 'device-1', sharedKey: 'the key', username: 'alice', password: 'wonder' }
const server = { shared_key: 'the key', users: { alice: 'wonder' } }

describe('a client of the forward protocol by others', () => {
  for (const eventMode of modes) {
    it(`gets its events taken and acknowledged in the mode ${eventMode}`, async (t) => {
      const { context, port } = await forwardListening(t, { source_hostname_key: 'host', ...server })
      const client = await clientOf(t, port, { eventMode, security })
      const record: EventRecord = { n: 1, text: 'grün', nested: { list: [1, null, true, -1.5] } }
      await Promise.all([
        client.emit('tag', record, new EventTime(1_764_000_000, 123_456_789)),
        client.emit('tag', { n: 2 }, new EventTime(1_764_000_001, 1)),
      ])
      assert.deepEqual(
        context.events.map((event) => ({ ...event, record: { ...event.record } })),
        [
          {
            tag: 'their.tag',
            time: { seconds: 1_764_000_000, nanoseconds: 123_456_789 },
            record: { ...record, host: 'device-1' },
          },
          { tag: 'their.tag', time: { seconds: 1_764_000_001, nanoseconds: 1 }, record: { n: 2, host: 'device-1' } },
        ],
      )
      assert.deepEqual(context.counted, {})
    })
  }

  it('is refused with another password', async (t) => {
    const { context, port } = await forwardListening(t, server)
    const client = new FluentClient('their', {
      socket: { host: '127.0.0.1', port },
      security: { ...security, password: 'wrong' },
    })
    t.after(() => client.shutdown())
    await client.connect()
    await context.until(() => context.counted['refused_user'] === 1)
    assert.deepEqual(context.taken, [])
  })
})

describe('an output of our own', () => {
  for (const options of [{}, { compress: 'gzip' }, { time_as_integer: true }, { require_ack_response: false }]) {
    it(`is understood, ${JSON.stringify(options)}`, async (t) => {
      const { context, port } = await forwardListening(t)
      const output = await forwardOutput.create(
        optionsOf(forwardOutput, { port, ...options }),
        new RecordingOutputContext(),
      )
      t.after(() => output.close?.())
      const samples = Array.from({ length: 3000 }, (_, n) => ({
        tag: 'own',
        seconds: n,
        nanoseconds: 0,
        record: { n },
      }))
      await output.flush(batchOf(samples), new AbortController().signal)
      await context.received(3000)
      assert.deepEqual(
        context.records.map(({ n }) => n),
        samples.map(({ record }) => record.n),
      )
    })
  }
})

describe('a unix socket', () => {
  it('is listened on with the permissions that are asked for', async (t) => {
    const path = join(folderOf(t, {}), 'forward.sock')
    const { context, addresses } = await forwardListening(t, { unix_path: path, unix_perm: '0600' })
    assert.deepEqual(addresses, [`unix:${path}`])
    const socket = connect(path)
    t.after(() => socket.destroy())
    await once(socket, 'connect')
    const client = new RawClient(socket)
    client.send(packed('t', numberedEntries(1), { chunk: 'one' }))
    await client.until(/one/)
    assert.equal(context.events.length, 1)
  })
})
