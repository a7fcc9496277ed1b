import assert from 'node:assert/strict'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { once } from 'node:events'
import { describe, test } from 'node:test'
import { EntryWriter } from '../../src/event/entry-writer.js'
import type { Batch } from '../../src/plugin/define.js'
import { forever, httpParts } from '../support/http-output.js'

/** Far more than the buffers of two sockets hold. */
const bodyBytes = 24 * 1024 * 1024

function largeBatch(): { readonly batch: Batch; readonly entries: Uint8Array } {
  const writer = new EntryWriter()
  writer.writeEvent(0, 0, { text: 'a'.repeat(bodyBytes) })
  const entries = writer.take()
  const chunk = { id: 'chunk', tag: 'test', entries, count: 1 }
  return { batch: { id: 'chunk', chunks: [chunk], count: 1, bytes: entries.length, attempt: 1 }, entries }
}

/** Reads a request to its end and answers how many bytes of its body are no `a`. */
async function restOf(socket: Socket, headBytes: number, length: number): Promise<number> {
  let [left, others] = [length - headBytes, 0]
  while (left > 0) {
    const [bytes] = (await once(socket, 'data')) as [Buffer]
    left -= bytes.length
    for (const byte of bytes) if (byte !== 0x61) others++
  }
  return others
}

describe('a server that answers before it has read the body', () => {
  const { outputTo } = httpParts()

  test('reads what was sent, though the memory of the batch is used for others by then', async (t) => {
    const server = createServer({ noDelay: true }).listen(0, '127.0.0.1')
    t.after(() => server.close())
    await once(server, 'listening')
    const output = await outputTo((server.address() as AddressInfo).port)
    const { batch, entries } = largeBatch()
    const length = entries.length
    const flushed = output.flush(batch, forever)
    const [socket] = (await once(server, 'connection')) as [Socket]
    t.after(() => socket.destroy())
    const [first] = (await once(socket, 'data')) as [Buffer]
    socket.pause()
    const body = first.indexOf('\r\n\r\n') + 4
    assert.ok(body > 4, 'the head of the request came whole')
    socket.write('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n')
    await flushed
    entries.fill(0x62)
    const rest = restOf(socket, first.length - body, length)
    socket.resume()
    assert.equal(await rest, 0)
  })
})
