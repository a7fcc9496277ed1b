import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, ListenOptions } from 'node:net'
import type { TestContext } from 'node:test'

export interface UpstreamServer {
  readonly server: Server
  readonly port: number
  /** Such as `http://127.0.0.1:49152`. */
  readonly url: string
  readonly close: () => Promise<void>
}

type Serve = (request: IncomingMessage, response: ServerResponse) => void

/** A server of its own for what stands between it and a client; gone when the test ends. */
export async function startUpstream(t: TestContext, serve: Serve, listen?: ListenOptions): Promise<UpstreamServer> {
  const server = createServer(serve).listen(listen ?? { port: 0, host: '127.0.0.1' })
  await once(server, 'listening')
  const close = async (): Promise<void> => {
    if (!server.listening) return
    server.close()
    server.closeAllConnections()
    await once(server, 'close')
  }
  t.after(close)
  const port = (server.address() as AddressInfo).port
  return { server, port, url: `http://127.0.0.1:${port}`, close }
}

/** All of a message's body. */
export async function textOf(message: IncomingMessage): Promise<string> {
  let text = ''
  for await (const part of message.setEncoding('utf8') as AsyncIterable<string>) text += part
  return text
}
