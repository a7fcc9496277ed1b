/** One WebSocket of a service: the client's end of it, for as long as it is there. */
export interface ServiceSocket {
  readonly query: URLSearchParams
  /** Whom an `auth` stage found this to be. */
  readonly user: string | undefined
  /** Text and bytes as they are, anything else as JSON. Never waits: a client that reads too slowly loses the oldest messages. */
  send(message: unknown): void
  close(code?: number, reason?: string): void
}
