import type { TlsSettings } from 'sluice/net'
import { AgentError, messageOf } from 'sluice/plugin'
import type { Dispatcher, Pool } from 'undici'
import { freshConnector } from './connector.js'
import type { Answer } from './verdict.js'

export interface PosterSettings {
  readonly origin: string
  readonly path: string
  readonly method: 'POST' | 'PUT'
  /** What errors call the destination: no credentials, no query. */
  readonly where: string
  readonly connections: number
  readonly keepalive: boolean
  readonly idleTimeoutMs: number
  readonly connectTimeoutMs: number
  readonly responseTimeoutMs: number
  /** Reads its files at each call. */
  readonly tls: () => TlsSettings | undefined
}

/** Enough for any error text; the rest is read only so that the connection can be used again. */
const keptAnswerBytes = 2048
/** A longer answer costs the connection. */
const longestAnswerBytes = 128 * 1024

/** Sends bodies to one address over kept connections. Names are resolved anew for each connection. */
export class Poster {
  readonly #settings: PosterSettings
  #pool: Promise<Pool> | undefined

  constructor(settings: PosterSettings) {
    this.#settings = settings
  }

  /** Rejects with an AgentError when no whole answer came, of whatever kind the answer is. */
  async post(body: Uint8Array, headers: Record<string, string>, signal: AbortSignal): Promise<Answer> {
    const { path, method, where } = this.#settings
    try {
      const pool = await (this.#pool ??= this.#open())
      return await readAnswer(await pool.request({ path, method, headers, body, signal }))
    } catch (error) {
      if (signal.aborted) throw signal.reason
      throw new AgentError('HTTP_UNREACHABLE', `${where}: ${reasonOf(error)}`, { cause: error })
    }
  }

  async close(): Promise<void> {
    const pool = await this.#pool
    await pool?.destroy()
  }

  async #open(): Promise<Pool> {
    const { origin, connections, keepalive, idleTimeoutMs, connectTimeoutMs, responseTimeoutMs } = this.#settings
    const { buildConnector, Pool } = await import('undici')
    return new Pool(origin, {
      connections,
      pipelining: keepalive ? 1 : 0,
      keepAliveTimeout: idleTimeoutMs,
      headersTimeout: responseTimeoutMs,
      bodyTimeout: responseTimeoutMs,
      connect: freshConnector(buildConnector, this.#settings.tls, connectTimeoutMs),
    })
  }
}

async function readAnswer({ statusCode, headers, body }: Dispatcher.ResponseData): Promise<Answer> {
  const kept: Uint8Array[] = []
  let read = 0
  for await (const bytes of body as AsyncIterable<Uint8Array>) {
    if (read < keptAnswerBytes) kept.push(bytes)
    read += bytes.length
    if (read > longestAnswerBytes) break
  }
  return {
    status: statusCode,
    headers: { location: single(headers['location']), 'retry-after': single(headers['retry-after']) },
    text: Buffer.concat(kept).toString('utf8', 0, keptAnswerBytes),
  }
}

function single(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header
}

/** A name with several addresses fails with all of their errors at once, and no text of its own. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return error.errors.map(messageOf).join('; ')
  return messageOf(error)
}
