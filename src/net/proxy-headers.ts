import type { Socket } from 'node:net'

import type { Clock } from '../base/clock.js'
import { isGone, peerAddress, setPeer } from './peer-address.js'
import { parseProxyHeader, type ProxyHeader } from './proxy-header.js'
import { readBuffered } from './read-buffered.js'
import type { TrustedProxies } from './trusted-proxies.js'

export interface ProxyHeadersParts {
  readonly trusted: TrustedProxies
  /** Longest that a header may take, in milliseconds. */
  readonly longestMs: number
  /** Connections that may wait for theirs at once. */
  readonly most: number
  readonly clock: Clock
  /** A connection was closed; the reason is for counters. */
  readonly refused: (reason: string) => void
}

const empty: Buffer = Buffer.alloc(0)

/** Reads who is behind a proxy off its connections, before anybody else reads anything. */
export class ProxyHeaders {
  readonly #parts: ProxyHeadersParts
  readonly #waiting = new Set<Socket>()

  constructor(parts: ProxyHeadersParts) {
    this.#parts = parts
  }

  /** `known` is called once `peerAddress` tells the client; what comes behind the header is there to be read. */
  take(socket: Socket, known: () => void): void {
    socket.on('error', () => undefined) // the end of the socket is what counts
    const reason = this.#refusal(socket)
    if (reason === undefined) this.#read(socket, known)
    else this.#refuse(socket, reason)
  }

  /** Those that wait are closed. */
  close(): void {
    for (const socket of this.#waiting) socket.destroy()
  }

  #refusal(socket: Socket): string | undefined {
    if (isGone(socket)) return 'gone'
    if (!this.#parts.trusted.has(peerAddress(socket))) return 'untrusted_proxy'
    return this.#waiting.size >= this.#parts.most ? 'too_many_connections' : undefined
  }

  #refuse(socket: Socket, reason: string): void {
    this.#parts.refused(reason)
    socket.destroy()
  }

  #read(socket: Socket, known: () => void): void {
    const { clock, longestMs } = this.#parts
    let head = empty
    const look = (): void => {
      const part = readBuffered(socket)
      if (part) head = Buffer.concat([head, part])
      const found = parseProxyHeader(head)
      if (found === 'partial') return void socket.once('readable', look)
      over()
      if (found === 'malformed') return this.#refuse(socket, 'bad_proxy_header')
      apply(socket, found, head)
      known()
    }
    const ended = (): void => {
      over()
      // Whoever only looks whether somebody listens says nothing.
      if (head.length > 0) this.#refuse(socket, 'bad_proxy_header')
      else socket.destroy()
    }
    const over = (): void => {
      cancel()
      this.#waiting.delete(socket)
      socket.off('readable', look).off('end', ended).off('close', over)
    }
    const cancel = clock.after(longestMs, () => {
      over()
      this.#refuse(socket, 'slow_proxy_header')
    })
    this.#waiting.add(socket)
    socket.once('readable', look).once('end', ended).once('close', over)
  }
}

function apply(socket: Socket, { bytes, client }: ProxyHeader, head: Buffer): void {
  if (client) setPeer(socket, client)
  if (head.length > bytes) socket.unshift(head.subarray(bytes))
}
