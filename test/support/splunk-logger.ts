import { createRequire } from 'node:module'

interface Settings {
  readonly token: string
  readonly url: string
  readonly batchInterval: number
  readonly maxBatchCount: number
  readonly maxRetries: number
}

interface Message {
  readonly message: unknown
  readonly severity?: string
  readonly metadata?: { readonly [name: string]: unknown }
}

type Sent = (error: Error | null, response: unknown, body: { readonly code?: number; readonly text?: string }) => void

/** Splunk's own client for Node, as much of it as tests use; it brings no types. */
export interface SplunkLogger {
  error: (error: Error & { readonly code?: number | string }) => void
  send: (message: Message, sent?: Sent) => void
}

const { Logger } = createRequire(import.meta.url)('splunk-logging') as {
  readonly Logger: new (settings: Settings) => SplunkLogger
}

/** One that sends each message by itself, or so many at a time. */
export function splunkLogger(port: number, { atOnce = 1, retries = 0 } = {}): SplunkLogger {
  const url = `http://127.0.0.1:${port}`
  return new Logger({ token: 'any', url, batchInterval: 0, maxBatchCount: atOnce, maxRetries: retries })
}
