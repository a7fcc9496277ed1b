import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { Connection } from '../../../outputs/forward/connection.js'
import { ForwardOutput } from '../../../outputs/forward/forward-output.js'
import type { Message } from '../../../outputs/forward/message.js'
import { batchOf } from '../../support/batch.js'

const never = new AbortController().signal

it('a retry compresses and sends what the server has not acknowledged, and nothing else', async () => {
  const compressed: number[] = []
  const sent: number[] = []
  const compress = (bytes: Uint8Array): Promise<Uint8Array> => {
    compressed.push(bytes.length)
    return Promise.resolve(bytes)
  }
  const message = { ack: true, compression: { name: 'gzip', compress }, integerTimes: false, metadata: true }
  const connection = {
    settings: { message: { ...message, moreOptions: {} } },
    deliver(messages: readonly Message[], _signal: AbortSignal, acknowledged: (ackId: string) => void) {
      sent.push(messages.length)
      const [first] = messages
      if (first?.ackId !== undefined) acknowledged(first.ackId)
      return messages.length > 1 ? Promise.reject(new Error('broken')) : Promise.resolve()
    },
  } as unknown as Connection
  const connections = {
    use: <T>(_signal: AbortSignal, work: (own: Connection) => Promise<T>) => work(connection),
    close: () => undefined,
  }
  const output = new ForwardOutput({ where: 'there', connections, tag: undefined })
  const batch = batchOf([
    { tag: 'a', record: { n: 1 } },
    { tag: 'b', record: { text: 'longer' } },
  ])
  await assert.rejects(output.flush(batch, never), /broken/)
  await output.flush(batch, never)
  const [first, second] = compressed
  assert.deepEqual(
    [compressed, sent],
    [
      [first, second, second],
      [2, 1],
    ],
  )
  await output.flush(batch, never).catch(() => undefined)
  assert.deepEqual(sent, [2, 1, 2], 'what is delivered is forgotten')
})
