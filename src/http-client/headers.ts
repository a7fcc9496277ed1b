import { AgentError } from '../plugin/errors.js'

export interface Credentials {
  readonly 'oauth2.enable': boolean
  readonly http_user: string | undefined
  readonly http_passwd: string | undefined
  readonly bearer_token: string | undefined
}

/** RFC 9110, section 5.6.2 (token) and 5.5 (field values). */
const namePattern = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
const valuePattern = /^[\t\x20-\x7e\x80-\xff]*$/

/** Set by the connection itself. */
const reserved = new Set([
  'connection',
  'content-length',
  'host',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
  'expect',
  'te',
  'trailer',
])

/** Headers that a user wrote, names in lower case. Throws an AgentError `HTTP_HEADER` for one that cannot be sent. */
export function checkedHeaders(given: { readonly [name: string]: string }): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(given)) {
    checkHeader(name, value)
    headers[name.toLowerCase()] = value
  }
  return headers
}

export function checkHeader(name: string, value: string): void {
  const wrong = (what: string): AgentError => new AgentError('HTTP_HEADER', `header: ${what}`)
  if (!namePattern.test(name)) throw wrong(`expected a header's name, got ${JSON.stringify(name)}`)
  if (reserved.has(name.toLowerCase())) throw wrong(`"${name}" is set by the output itself; leave it out`)
  if (!valuePattern.test(value)) throw wrong(`the value of "${name}" holds a character that no header may have`)
}

/** The header of these credentials, where there are any. Throws an AgentError `HTTP_CREDENTIALS` where they are not one. */
export function authorizationOf(
  credentials: Credentials,
  headers: { readonly [name: string]: string },
): { readonly authorization?: string } {
  const authorization = textOf(credentials)
  if (credentials['oauth2.enable'] && (authorization ?? headers['authorization']) !== undefined) throw twice('oauth2')
  if (authorization === undefined) return {}
  if (headers['authorization'] !== undefined) throw twice('header "authorization"')
  return { authorization }
}

function textOf({ http_user, http_passwd, bearer_token }: Credentials): string | undefined {
  if (http_user === undefined) {
    if (http_passwd !== undefined) throw new AgentError('HTTP_CREDENTIALS', 'http_passwd: expected http_user beside it')
    if (bearer_token === undefined) return undefined
    checkHeader('bearer_token', bearer_token)
    return `Bearer ${bearer_token}`
  }
  if (bearer_token !== undefined) throw twice('http_user')
  return `Basic ${Buffer.from(`${http_user}:${http_passwd ?? ''}`).toString('base64')}`
}

function twice(other: string): AgentError {
  return new AgentError('HTTP_CREDENTIALS', `${other} and other credentials are both given; leave one of them out`)
}
