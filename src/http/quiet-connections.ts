import type { Socket } from 'node:net'

import type { Cancel, Clock } from '../base/clock.js'
import type { ClientConnection } from './connection.js'
import type { HttpLimits } from './limits.js'

export interface QuietConnectionsParts {
  readonly limits: HttpLimits
  readonly clock: Clock
}

interface Watched {
  readonly connection: ClientConnection
  /** Of the client, when it was last looked at, and since when there were no more. */
  bytes: number
  sinceMs: number
}

/** How often they are looked for. */
const checkMs = 1000

/**
 * Closes connections of HTTP/1.1 that ask for nothing more. It looks at all of them now and then: a timer for each, which Node has,
 * is set and moved for every request, and costs a tenth of all its CPU.
 */
export class QuietConnections {
  readonly #parts: QuietConnectionsParts
  readonly #open = new Map<Socket, Watched>()
  #cancel: Cancel | undefined

  constructor(parts: QuietConnectionsParts) {
    this.#parts = parts
  }

  add(socket: Socket, connection: ClientConnection): void {
    this.#open.set(socket, { connection, bytes: 0, sinceMs: this.#parts.clock.monotonic() })
    this.#cancel ??= this.#soon()
  }

  delete(socket: Socket): void {
    this.#open.delete(socket)
    if (this.#open.size > 0) return
    this.#cancel?.()
    this.#cancel = undefined
  }

  #soon(): Cancel {
    const { clock, limits } = this.#parts
    return clock.after(Math.min(checkMs, limits.idleMs), () => {
      this.#cancel = this.#soon()
      this.#check(clock.monotonic())
    })
  }

  #check(now: number): void {
    const { idleMs, requestMs } = this.#parts.limits
    for (const [socket, watched] of this.#open) {
      const isOwed = watched.connection.owed.length > 0
      // Only Node knows how much of a long answer the client has taken.
      setTimer(socket, isOwed && socket.writableLength > 0 ? requestMs : 0)
      if (isOwed || socket.bytesRead !== watched.bytes) {
        watched.bytes = socket.bytesRead
        watched.sinceMs = now
      } else if (watched.connection.requests > 0 && now - watched.sinceMs > idleMs) socket.destroy()
    }
  }
}

function setTimer(socket: Socket, ms: number): void {
  if ((socket.timeout ?? 0) !== ms) socket.setTimeout(ms)
}
