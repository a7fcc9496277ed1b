import type { Credentials } from './headers.js'
import type { Answer } from './verdict.js'

const secretName = /auth|key|token|secret|cookie|passw/

/** What a server may know of us and no log may hold. */
export function secretsOf(
  headers: { readonly [name: string]: string },
  credentials: Pick<Credentials, 'http_passwd'>,
): string[] {
  const values = Object.entries(headers).flatMap(([name, value]) => (secretName.test(name) ? [value] : []))
  const parts = values.map((value) => value.replace(/^\w+ /, ''))
  return [...values, ...parts, credentials.http_passwd ?? ''].filter((secret) => secret !== '')
}

/** The query may hold a token; servers repeat it when they redirect, and on the pages that say what is not found. */
export function queryOf(uri: string): string[] {
  const query = uri.split('?').slice(1).join('?')
  return query === '' ? [] : [query]
}

export function withoutSecrets(text: string, secrets: readonly string[]): string {
  return secrets.reduce((clean, secret) => clean.replaceAll(secret, '***'), text)
}

/** An answer that may be told of. */
export function cleanAnswer(answer: Answer, secrets: readonly string[]): Answer {
  const { location, ...others } = answer.headers
  const headers = location === undefined ? others : { ...others, location: withoutSecrets(location, secrets) }
  return { ...answer, headers, text: withoutSecrets(answer.text, secrets) }
}
