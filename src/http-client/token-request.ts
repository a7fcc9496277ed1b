import type { Value } from '../event/event.js'
import { isRecord } from '../event/record.js'
import { readJson } from '../event/json-reader.js'
import { AgentError } from '../plugin/errors.js'
import type { Oauth2Options } from './oauth2-options.js'
import type { RequestHead } from './poster.js'

/** What an authorization server is asked with. */
export interface TokenRequest {
  readonly url: URL
  readonly head: RequestHead
  readonly body: Buffer
  /** What no log may hold. */
  readonly secrets: readonly string[]
}

/** Undefined where no token is asked for. Throws an AgentError `HTTP_OAUTH2` for what is missing. */
export function tokenRequestOf(options: Oauth2Options): TokenRequest | undefined {
  if (!options['oauth2.enable']) return undefined
  const url = new URL(needed(options, 'oauth2.token_url'))
  const [id, secret] = [needed(options, 'oauth2.client_id'), needed(options, 'oauth2.client_secret')]
  const { 'oauth2.scope': scope, 'oauth2.audience': audience, 'oauth2.auth_method': method } = options
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    ...(scope === undefined ? {} : { scope }),
    ...(audience === undefined ? {} : { audience }),
    ...(method === 'post' ? { client_id: id, client_secret: secret } : {}),
  })
  const basic = Buffer.from(`${formText(id)}:${formText(secret)}`).toString('base64')
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    accept: 'application/json',
    ...(method === 'basic' ? { authorization: `Basic ${basic}` } : {}),
  }
  const head = { method: 'POST', path: `${url.pathname}${url.search}`, headers } as const
  return { url, head, body: Buffer.from(form.toString()), secrets: [secret, formText(secret), basic] }
}

function needed(
  options: Oauth2Options,
  name: 'oauth2.token_url' | 'oauth2.client_id' | 'oauth2.client_secret',
): string {
  const value = options[name]
  if (value !== undefined && value !== '') return value
  throw new AgentError('HTTP_OAUTH2', `${name}: expected it beside oauth2.enable, got none`)
}

/** Id and secret are encoded as in a form before they are joined (RFC 6749, section 2.3.1). */
function formText(text: string): string {
  return new URLSearchParams({ text }).toString().slice('text='.length)
}

export interface Token {
  readonly text: string
  /** Undefined where the server does not say. */
  readonly lastsMs: number | undefined
}

/** `{"access_token":"…","expires_in":3600}` (RFC 6749, section 5.1); undefined where the text is no such thing. */
export function readToken(text: string): Token | undefined {
  const answer = jsonIn(text)
  if (!isRecord(answer)) return undefined
  const { access_token: token, expires_in: seconds } = answer
  if (typeof token !== 'string' || !/^[\x21-\x7e]+$/.test(token)) return undefined
  const lasts = Number(seconds)
  return { text: token, lastsMs: seconds !== undefined && lasts > 0 ? lasts * 1000 : undefined }
}

function jsonIn(text: string): Value | undefined {
  try {
    return readJson(Buffer.from(text))
  } catch {
    return undefined // whatever it is, it is no token
  }
}
