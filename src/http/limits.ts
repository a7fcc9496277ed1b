/** What one server takes of its clients; durations in milliseconds. */
export interface HttpLimits {
  /** Of the request line and all headers. */
  readonly headerBytes: number
  readonly headerCount: number
  /** Of a body as it was sent. */
  readonly bodyBytes: number
  /** Of a body once it is decompressed. */
  readonly inflatedBytes: number
  /** For the head of a request, from its first byte or the connection's. */
  readonly headerMs: number
  /** For a whole request, its body too. */
  readonly requestMs: number
  /** Between two requests of a connection. */
  readonly idleMs: number
  readonly connections: number
  readonly connectionsPerAddress: number
  readonly requestsPerConnection: number
  /** What a server that stops gives requests that it is serving. */
  readonly drainMs: number
}
