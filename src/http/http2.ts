import type { Http2Server, ServerHttp2Session } from 'node:http2'
import type { Socket } from 'node:net'

import { connectionOf } from './connection.js'
import { Http2Client, type Http2ClientParts, mostStreams } from './http2-client.js'
import { Http2Watch } from './http2-watch.js'
import type { HttpLimits } from './limits.js'
import type { HttpRequest, HttpResponse } from './messages.js'

export interface Http2Parts extends Omit<Http2ClientParts, 'session' | 'socket'> {
  readonly request: (request: HttpRequest, response: HttpResponse) => void
  /** A request was answered, or its client is gone. */
  readonly ended: (response: HttpResponse) => void
}

/** With the windows of the standard, 64 KiB, a long body takes three times as long. */
const windowBytes = 1024 * 1024
const connectionWindowBytes = 8 * windowBytes
const frameBytes = 64 * 1024

/** HTTP/2 over connections that are handed to it with `take`. What it takes of Node is loaded for the first of them. */
export class Http2 {
  readonly #parts: Http2Parts
  readonly #clients = new Map<ServerHttp2Session, Http2Client>()
  readonly #watch: Http2Watch
  #server: Http2Server | undefined

  constructor(parts: Http2Parts) {
    this.#parts = parts
    this.#watch = new Http2Watch(parts.clock)
  }

  take(socket: Socket): void {
    this.#server ??= this.#create()
    this.#server.emit('connection', socket)
  }

  /** Tells every client to ask for nothing more (GOAWAY); what was asked for goes on. */
  stop(): void {
    for (const client of this.#clients.values()) client.goAway()
  }

  #create(): Http2Server {
    const server = process.getBuiltinModule('node:http2').createServer(settingsOf(this.#parts.limits))
    const request = (message: HttpRequest, response: HttpResponse): void => this.#request(message, response)
    server.on('session', (session) => this.#begin(session))
    server.on('request', request as never)
    server.on('checkContinue', request as never)
    server.on('checkExpectation', request as never)
    return server
  }

  #begin(session: ServerHttp2Session): void {
    const connection = connectionOf(session.socket)
    if (!connection) return session.destroy()
    const client = new Http2Client({ ...this.#parts, session, socket: connection.socket })
    this.#clients.set(session, client)
    this.#watch.add(client)
    session.once('close', () => {
      this.#clients.delete(session)
      this.#watch.delete(client)
    })
    session.on('stream', (stream) => client.opened(stream))
    session.on('error', (error: NodeJS.ErrnoException) => {
      // Others are of the socket: the client went away.
      if (error.code?.startsWith('ERR_HTTP2')) this.#parts.refused('broken_http2')
    })
    session.setLocalWindowSize(connectionWindowBytes)
  }

  #request(request: HttpRequest, response: HttpResponse): void {
    if (!('stream' in response)) return
    const { session } = response.stream
    const client = session && this.#clients.get(session as ServerHttp2Session)
    // A stream that was reset already has no session any more.
    if (!client) return
    client.asked(response, response.stream)
    response.on('close', () => this.#parts.ended(response))
    this.#parts.request(request, response)
  }
}

/** Twice the limits: so a request that is over one of them by little gets a 431 that says so, and only what is beyond is reset by Node. */
function settingsOf({ headerBytes, headerCount }: HttpLimits): object {
  return {
    settings: {
      initialWindowSize: windowBytes,
      maxFrameSize: frameBytes,
      maxConcurrentStreams: mostStreams,
      maxHeaderListSize: 2 * headerBytes,
    },
    maxHeaderListPairs: 2 * headerCount,
    maxSessionRejectedStreams: 100,
    maxSessionInvalidFrames: 100,
  }
}
