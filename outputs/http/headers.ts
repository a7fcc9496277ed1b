import { AgentError } from 'sluice/plugin'

export interface Credentials {
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

/** The headers of every request, names in lower case. */
export function fixedHeaders(
  given: { readonly [name: string]: string },
  credentials: Credentials,
): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(given)) {
    checkHeader(name, value)
    headers[name.toLowerCase()] = value
  }
  const authorization = authorizationOf(credentials)
  if (authorization === undefined) return headers
  if (headers['authorization'] !== undefined) throw twice('header "authorization"')
  return { ...headers, authorization }
}

export function checkHeader(name: string, value: string): void {
  const wrong = (what: string): AgentError => new AgentError('HTTP_HEADER', `header: ${what}`)
  if (!namePattern.test(name)) throw wrong(`expected a header's name, got ${JSON.stringify(name)}`)
  if (reserved.has(name.toLowerCase())) throw wrong(`"${name}" is set by the output itself; leave it out`)
  if (!valuePattern.test(value)) throw wrong(`the value of "${name}" holds a character that no header may have`)
}

function authorizationOf({ http_user, http_passwd, bearer_token }: Credentials): string | undefined {
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

const secretName = /auth|key|token|secret|cookie|passw/

/** What a server may know of us and no log may hold. */
export function secretsOf(headers: { readonly [name: string]: string }, credentials: Credentials): string[] {
  const values = Object.entries(headers).flatMap(([name, value]) => (secretName.test(name) ? [value] : []))
  const parts = values.map((value) => value.replace(/^\w+ /, ''))
  return [...values, ...parts, credentials.http_passwd ?? ''].filter((secret) => secret !== '')
}

export function withoutSecrets(text: string, secrets: readonly string[]): string {
  return secrets.reduce((clean, secret) => clean.replaceAll(secret, '***'), text)
}
