import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'

import { connectionOf } from './connection.js'
import type { HttpLimits } from './limits.js'
import { nodeHttp } from './node-http.js'
import { problemText, problemType, statusText } from './problem.js'

export interface Http1Parts {
  readonly limits: HttpLimits
  readonly request: (request: IncomingMessage, response: ServerResponse) => void
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void
  /** A request could not be read, or not in time; the reason is for counters. */
  readonly refused: (reason: string) => void
}

/** How often slow and idle connections are looked for. */
const checkMs = 1000

/** HTTP/1.1 over connections that are handed to it with `emit('connection')`; it never listens. */
export function createHttp1({ limits, request, upgrade, refused }: Http1Parts): Server {
  const server = nodeHttp.createServer({
    maxHeaderSize: limits.headerBytes,
    headersTimeout: limits.headerMs,
    requestTimeout: limits.requestMs,
    keepAliveTimeout: limits.idleMs,
    connectionsCheckingInterval: Math.min(checkMs, limits.headerMs),
    requireHostHeader: true,
  })
  // Further headers would be left out in silence: one more than the limit shows that there were too many.
  server.maxHeadersCount = limits.headerCount + 1
  server.maxRequestsPerSocket = limits.requestsPerConnection
  server.on('request', request)
  server.on('checkContinue', request)
  server.on('upgrade', upgrade)
  server.on('dropRequest', () => refused('too_many_requests_on_connection'))
  server.on('clientError', (error: Error & { readonly code?: string }, socket) => refuse(error.code, socket, refused))
  // Without this event it never looks for connections that are slow (it has no listening socket of its own).
  server.emit('listening')
  return server
}

function refuse(code: string | undefined, socket: Duplex, refused: (reason: string) => void): void {
  const answer = answers[code ?? ''] ?? (code?.startsWith('HPE_') ? malformed : undefined)
  if (!answer || !socket.writable || hasBegunToAnswer(socket as Socket)) {
    socket.destroy()
    return
  }
  refused(answer.reason)
  const body = problemText(answer.status, answer.detail)
  const head = `HTTP/1.1 ${answer.status} ${statusText(answer.status)}\r\nConnection: close\r\nContent-Type: ${problemType}`
  socket.end(`${head}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`, () => socket.destroy())
}

interface Answer {
  readonly status: number
  readonly detail: string
  readonly reason: string
}

const malformed: Answer = { status: 400, detail: 'the request is not HTTP/1.1', reason: 'malformed' }

const answers: { readonly [code: string]: Answer } = {
  HPE_HEADER_OVERFLOW: {
    status: 431,
    detail: 'the headers are longer than max_header_size',
    reason: 'header_too_long',
  },
  HPE_CHUNK_EXTENSIONS_OVERFLOW: {
    status: 413,
    detail: 'the chunk extensions are too long',
    reason: 'body_too_long',
  },
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, detail: 'the request did not come in time', reason: 'too_slow' },
}

/** A second head in the middle of an answer would be read as its body. */
function hasBegunToAnswer(socket: Socket): boolean {
  return connectionOf(socket)?.answer?.headersSent === true
}
