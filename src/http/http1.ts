import type { IncomingMessage, Server, ServerOptions, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'

import type { Clock } from '../base/clock.js'
import { type ClientConnection, connectionOf } from './connection.js'
import { HttpError } from './http-error.js'
import { serveInstead } from './ignored-upgrade.js'
import type { HttpLimits } from './limits.js'
import { nodeHttp } from './node-http.js'
import { problemText, problemType, statusText } from './problem.js'
import { QuietConnections } from './quiet-connections.js'
import { refusalOf } from './refusals.js'

export interface Http1Parts {
  readonly limits: HttpLimits
  readonly clock: Clock
  readonly request: (request: IncomingMessage, response: ServerResponse) => void
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void
  /** A request was answered, or its client is gone; called once for each. */
  readonly ended: (response: ServerResponse) => void
  /** The rest of this request will not come: its exchange is to end with the error. */
  readonly brokenOff: (response: ServerResponse, error: HttpError) => void
  /** A request could not be read, or not in time; the reason is for counters. */
  readonly refused: (reason: string) => void
}

/** How often slow connections are looked for. */
const checkMs = 1000

const noneOwed: readonly ServerResponse[] = []

/** Requests that one connection may have asked before it has the answer to the first. */
const mostOwed = 128

/** HTTP/1.1 over connections that are handed to it with `take`; it never listens. */
export class Http1 {
  readonly #parts: Http1Parts
  readonly #server: Server
  readonly #quiet: QuietConnections

  constructor(parts: Http1Parts) {
    const { limits } = parts
    this.#parts = parts
    this.#quiet = new QuietConnections(parts)
    this.#server = nodeHttp.createServer(optionsOf(limits))
    // Further headers would be left out in silence: one more than the limit shows that there were too many.
    this.#server.maxHeadersCount = limits.headerCount + 1
    this.#listen()
  }

  take(socket: Socket, connection: ClientConnection): void {
    this.#quiet.add(socket, connection)
    socket.once('close', () => {
      this.#quiet.delete(socket)
      forget(connection)
    })
    this.#server.emit('connection', socket)
  }

  closeIdle(): void {
    this.#server.closeIdleConnections()
  }

  close(): void {
    this.#server.close()
  }

  #listen(): void {
    const request = (message: IncomingMessage, response: ServerResponse): void => this.#request(message, response)
    this.#server.on('request', request)
    this.#server.on('checkContinue', request)
    this.#server.on('checkExpectation', request)
    this.#server.on('connect', (_message, socket) => this.#tunnel(socket as Socket))
    this.#server.on('upgrade', (message, socket, head) => this.#upgrade(message, socket as Socket, head))
    this.#server.on('clientError', (error, socket) => this.#unreadable(error, socket as Socket))
    this.#server.on('timeout', (socket) => this.#tooSlowToRead(socket))
    // Without this event it never looks for connections that are slow (it has no listening socket of its own).
    this.#server.emit('listening')
  }

  #request(request: IncomingMessage, response: ServerResponse): void {
    const connection = connectionOf(request.socket)
    if (connection && !this.#owe(connection, response)) return
    tellIdleTime(response, this.#parts.limits.idleMs)
    response.on('close', () => this.#ended(connection, response)) // not `once`, which costs more: it comes once
    this.#parts.request(request, response)
  }

  #ended(connection: ClientConnection | undefined, response: ServerResponse): void {
    if (connection) settle(connection.owed, response)
    this.#parts.ended(response)
  }

  /** Whether it is to be served: not behind the last request of a connection, nor when it has asked for too much at once. */
  #owe(connection: ClientConnection, response: ServerResponse): boolean {
    const { owed, latest, socket } = connection
    if (owed.length > 0 && latest?.shouldKeepAlive === false) return false
    if (owed.length >= mostOwed) {
      this.#parts.refused('too_many_pipelined_requests')
      response.shouldKeepAlive = false
      socket.destroy()
    }
    // Node would say so to the client, and go on.
    if (++connection.requests >= this.#parts.limits.requestsPerConnection) response.shouldKeepAlive = false
    owed.push(response)
    connection.latest = response
    return !socket.destroyed
  }

  #upgrade(request: IncomingMessage, socket: Socket, head: Buffer): void {
    const connection = connectionOf(socket)
    // What comes before must be answered first, and whoever speaks another protocol next cannot wait for that.
    if (connection && connection.owed.length > 0) socket.destroy()
    else if (isWebSocket(request)) {
      this.#quiet.delete(socket)
      this.#parts.upgrade(request, socket, head)
    } else serveInstead(this.#server, request, socket, head)
  }

  /** RFC 9110, section 9.3.6: `CONNECT` asks a proxy for a tunnel, which this is not. */
  #tunnel(socket: Socket): void {
    const isOwed = (connectionOf(socket)?.owed.length ?? 0) > 0
    if (isOwed) socket.destroy()
    else this.#answer(socket, new HttpError(405, 'this is no proxy', { reason: 'tunnel' }))
  }

  #tooSlowToRead(socket: Socket): void {
    if (socket.writableLength === 0) return
    this.#parts.refused('too_slow_to_read')
    socket.destroy()
  }

  #unreadable(error: Error & { readonly code?: string }, socket: Socket): void {
    const refusal = refusalOf(error.code)
    if (!refusal || !socket.writable) {
      socket.destroy()
      return
    }
    const { owed = noneOwed, latest } = connectionOf(socket) ?? {}
    if (owed.length === 0 || !latest) this.#answer(socket, refusal)
    else if (!latest.req.complete) this.#parts.brokenOff(latest, refusal)
    else if (latest.shouldKeepAlive) this.#parts.refused(refusal.reason)
    // Whoever is owed an answer still gets it, and the connection ends there.
    if (latest) latest.shouldKeepAlive = false
  }

  /** There is no request to answer: its head could not be read. */
  #answer(socket: Socket, { status, message, reason }: HttpError): void {
    this.#parts.refused(reason)
    const body = problemText(status, message)
    const type = `Content-Type: ${problemType}\r\nX-Content-Type-Options: nosniff`
    const head = `HTTP/1.1 ${status} ${statusText(status)}\r\nConnection: close\r\n${type}`
    socket.end(`${head}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`, () => socket.destroy())
  }
}

function optionsOf(limits: HttpLimits): ServerOptions & { readonly shouldUpgradeCallback: typeof isWebSocket } {
  return {
    maxHeaderSize: limits.headerBytes,
    // Node takes no longer one than that of the request.
    headersTimeout: Math.min(limits.headerMs, limits.requestMs),
    requestTimeout: limits.requestMs,
    // Its timers are dear.
    keepAliveTimeout: 0,
    connectionsCheckingInterval: Math.min(checkMs, limits.headerMs),
    // Such requests come with all that is wrong with a head to `headProblem`, so that they are counted.
    requireHostHeader: false,
    // Node 24.9 and later ask; the others say of every request that it is to be upgraded.
    shouldUpgradeCallback: isWebSocket,
  }
}

/** In the header `Keep-Alive`, which Node gives where it has a timer, and else has no public way to give that costs nothing. */
function tellIdleTime(response: ServerResponse & { _keepAliveTimeout?: number }, idleMs: number): void {
  // oxlint-disable-next-line no-underscore-dangle -- a field of Node's
  response._keepAliveTimeout = idleMs
}

function isWebSocket({ headers }: IncomingMessage): boolean {
  return headers.upgrade?.toLowerCase() === 'websocket'
}

/** Node leaves answers alone that wait for another when their connection ends. */
function forget({ owed }: ClientConnection): void {
  for (const response of owed.slice()) {
    if (response.socket) continue
    response.destroy()
    response.emit('close')
  }
}

/** Most often it is the only one. */
function settle(owed: ServerResponse[], response: ServerResponse): void {
  const at = owed.indexOf(response)
  if (at === 0) owed.shift()
  else if (at > 0) owed.splice(at, 1)
}
