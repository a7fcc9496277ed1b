import type { Clock } from '../base/clock.js'
import { unlessAborted } from '../base/unless-aborted.js'
import { readTlsSettings } from '../net/tls-options.js'
import { targetOfUrl } from './address.js'
import type { ClientOptions } from './client-options.js'
import { Poster, type RequestHead } from './poster.js'
import { proxyOf } from './proxy.js'
import { cleanAnswer } from './secrets.js'
import { type TokenRequest, tokenRequestOf } from './token-request.js'
import { TokenSource } from './token-source.js'
import type { Answer } from './verdict.js'

/** Some hold what a user may do. */
const longestTokenBytes = 65_536

/** Posts with the token of the moment, if there is one to be had. Answers come without any secrets. */
export class AuthorizedPosts {
  readonly #secrets: readonly string[]
  readonly #tokens: TokenSource | undefined

  constructor(options: ClientOptions, secrets: readonly string[], clock: Clock) {
    const request = tokenRequestOf(options)
    this.#secrets = [...secrets, ...(proxyOf(options.proxy)?.secrets ?? [])]
    this.#tokens = request && tokensOf(request, options, clock)
  }

  async post(poster: Poster, head: RequestHead, body: Uint8Array, signal: AbortSignal): Promise<Answer> {
    const tokens = this.#tokens
    if (!tokens) return cleanAnswer(await poster.post(head, body, signal), this.#secrets)
    const post = async (token: string): Promise<Answer> => {
      const headers = { ...head.headers, authorization: `Bearer ${token}` }
      return cleanAnswer(await poster.post({ ...head, headers }, body, signal), [...this.#secrets, token])
    }
    // A flush that is ended lets go of the token alone: others may wait for it still.
    const token = await unlessAborted(tokens.token(), signal)
    const answer = await post(token)
    if (answer.status !== 401) return answer
    tokens.refused(token)
    return post(await unlessAborted(tokens.token(), signal))
  }

  async close(): Promise<void> {
    await this.#tokens?.close()
  }
}

function tokensOf(request: TokenRequest, options: ClientOptions, clock: Clock): TokenSource {
  const tls = request.url.protocol === 'https:'
  const poster = new Poster({
    target: targetOfUrl(request.url),
    where: `${request.url.origin}${request.url.pathname}`,
    answerBytes: longestTokenBytes,
    connections: 1,
    keepalive: false,
    idleTimeoutMs: options['net.keepalive_idle_timeout'],
    connectTimeoutMs: options['net.connect_timeout'],
    responseTimeoutMs: options['http.response_timeout'],
    tls,
    http2: false,
    proxy: proxyOf(options.proxy),
    readTls: () => readTlsSettings({ ...options, tls, 'tls.vhost': undefined }),
  })
  return new TokenSource({ request, poster, skewMs: options['oauth2.refresh_skew_seconds'] * 1000, clock })
}
