/**
 * Forward in → HTTP out with what Node and a msgpack library have: node floor-http-out.js PORT. An object is made of each event, and
 * its JSON of that; a message is acknowledged once the server has answered its POST. Prints its port.
 */

import { once } from 'node:events'
import type { Agent, IncomingMessage } from 'node:http'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { decodeMulti, decodeMultiStream, encode } from '@msgpack/msgpack'

type PackedForward = readonly [tag: string, entries: Uint8Array, options: { readonly chunk: string }]
type Entry = readonly [time: unknown, record: { readonly [field: string]: unknown }]

const http = process.getBuiltinModule('node:http')
const target = { host: '127.0.0.1', port: Number(process.argv[2]), method: 'POST' }

async function post(agent: Agent, body: string): Promise<void> {
  const request = http.request({ ...target, agent }).end(body)
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  await once(response.resume(), 'end')
}

async function relay(client: Socket): Promise<void> {
  const agent = new http.Agent({ keepAlive: true })
  for await (const message of decodeMultiStream(client)) {
    const [, entries, { chunk }] = message as PackedForward
    const lines = Array.from(decodeMulti(entries) as Iterable<Entry>, ([, record]) => JSON.stringify(record))
    await post(agent, lines.join('\n'))
    client.write(encode({ ack: chunk }))
  }
  agent.destroy()
}

const server = createServer({ noDelay: true }, (client) => void relay(client).catch(() => client.destroy()))
server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port))
