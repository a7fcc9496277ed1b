import type { IncomingMessage } from 'node:http'
import { endToEnd, type HttpExchange, type IdleDeadline, writable } from 'sluice/http'

export interface Delivery {
  readonly exchange: HttpExchange
  readonly message: IncomingMessage
  readonly deadline: IdleDeadline
  readonly locationOf: (location: string) => string
}

/** Gives an upstream's answer to the client as it comes, no faster than the client takes it. Throws where the upstream breaks off. */
export async function deliver({ exchange, message, deadline, locationOf }: Delivery): Promise<void> {
  const { response } = exchange
  const headers = endToEnd(message.rawHeaders)
  if (typeof headers['location'] === 'string') headers['location'] = locationOf(headers['location'])
  response.writeHead(message.statusCode ?? 502, headers)
  if (message.readableLength === 0 && !message.readableEnded) response.flushHeaders()
  for await (const part of message as AsyncIterable<Buffer>) {
    exchange.sentBytes += part.length
    if (!response.write(part)) await writable(response)
    deadline.moved()
  }
  response.end()
}
