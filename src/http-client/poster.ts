import type { Dispatcher, Pool } from 'undici'
import type { Target } from '../net/target.js'
import type { TlsSettings } from '../net/tls-options.js'
import { AgentError, messageOf } from '../plugin/errors.js'
import { originOf } from './address.js'
import { freshConnector } from './connector.js'
import { plainAnswer } from './plain-answer.js'
import type { Proxy } from './proxy.js'
import type { Answer } from './verdict.js'

export interface PosterSettings {
  readonly target: Target
  /** What errors call the destination: no credentials, no query. */
  readonly where: string
  readonly connections: number
  readonly keepalive: boolean
  readonly idleTimeoutMs: number
  readonly connectTimeoutMs: number
  readonly responseTimeoutMs: number
  /** The beginning of an answer that is kept. */
  readonly answerBytes: number
  readonly tls: boolean
  /** Where the server offers it. */
  readonly http2: boolean
  readonly proxy: Proxy | undefined
  /** Reads its files at each call. */
  readonly readTls: () => TlsSettings | undefined
}

/** All of a request but its body. */
export interface RequestHead {
  readonly method: 'POST' | 'PUT'
  readonly path: string
  readonly headers: { readonly [name: string]: string }
}

/** An answer is read beyond what is kept only so that the connection can be used again; a longer one costs the connection. */
const longestRestBytes = 128 * 1024

/** Sends bodies to one server over kept connections. Names are resolved anew for each connection. */
export class Poster {
  readonly #settings: PosterSettings
  #pool: Promise<Pool> | undefined

  constructor(settings: PosterSettings) {
    this.#settings = settings
  }

  /** Rejects with an AgentError when no whole answer came, of whatever kind the answer is. */
  async post(head: RequestHead, body: Uint8Array, signal: AbortSignal): Promise<Answer> {
    const { where, answerBytes } = this.#settings
    try {
      const pool = await (this.#pool ??= this.#open())
      return await readAnswer(await pool.request({ ...this.#seenByProxy(head), body, signal }), answerBytes)
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
    const { target, tls, http2, connections, keepalive, idleTimeoutMs, responseTimeoutMs } = this.#settings
    const { buildConnector, Pool } = await import('undici')
    return new Pool(originOf(this.#passer?.target ?? target, tls), {
      allowH2: http2,
      connections,
      pipelining: keepalive ? 1 : 0,
      keepAliveTimeout: idleTimeoutMs,
      headersTimeout: responseTimeoutMs,
      bodyTimeout: responseTimeoutMs,
      connect: freshConnector(buildConnector, {
        readTls: this.#settings.readTls,
        timeoutMs: this.#settings.connectTimeoutMs,
        socketPath: 'path' in target ? target.path : null,
        http2,
        tunnel: tls ? this.#settings.proxy : undefined,
      }),
    })
  }

  /** The proxy that reads requests itself: without TLS there is no need for a tunnel. */
  get #passer(): Proxy | undefined {
    return this.#settings.tls ? undefined : this.#settings.proxy
  }

  /** A proxy is asked for whole addresses (RFC 9112, section 3.2.2). */
  #seenByProxy(head: RequestHead): RequestHead {
    const [{ target, tls }, passer] = [this.#settings, this.#passer]
    if (!passer) return head
    const origin = originOf(target, tls)
    const host = origin.replace(/^\w+:\/\//, '')
    return { ...head, path: `${origin}${head.path}`, headers: { ...head.headers, host, ...passer.headers } }
  }
}

async function readAnswer({ statusCode, headers, body }: Dispatcher.ResponseData, keptBytes: number): Promise<Answer> {
  const kept: Uint8Array[] = []
  let read = 0
  for await (const bytes of body as AsyncIterable<Uint8Array>) {
    if (read < keptBytes) kept.push(bytes)
    read += bytes.length
    if (read > keptBytes + longestRestBytes) break
  }
  const one = (name: string): string | undefined => [headers[name]].flat()[0]
  const bytes = plainAnswer(Buffer.concat(kept), one('content-encoding'), keptBytes)
  return {
    status: statusCode,
    headers: { location: one('location'), 'retry-after': one('retry-after') },
    text: bytes.toString(),
    bytes,
    isCut: read > keptBytes,
  }
}

/** A name with several addresses fails with all of their errors at once, and no text of its own. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return error.errors.map(messageOf).join('; ')
  return messageOf(error)
}
