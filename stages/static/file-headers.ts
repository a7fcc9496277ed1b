import { validateHeaderName, validateHeaderValue } from 'node:http'
import { AgentError, messageOf } from 'sluice/plugin'

export interface HeaderOptions {
  readonly cache_control: string | undefined
  readonly nosniff: boolean
  readonly headers: { readonly [name: string]: string } | undefined
}

/** What only the file and the connection can say. */
const notToSay: readonly string[] = [
  'accept-ranges',
  'connection',
  'content-encoding',
  'content-length',
  'content-range',
  'content-type',
  'date',
  'etag',
  'keep-alive',
  'last-modified',
  'transfer-encoding',
  'upgrade',
  'vary',
]

/** The headers of all files, by their names in lower case. Throws an AgentError `STATIC_HEADER` for one that cannot be. */
export function fileHeaders({ cache_control: cacheControl, nosniff, headers = {} }: HeaderOptions): {
  readonly [name: string]: string
} {
  return {
    ...(cacheControl === undefined ? {} : { 'cache-control': cacheControl }),
    ...(nosniff ? { 'x-content-type-options': 'nosniff' } : {}),
    ...Object.fromEntries(Object.entries(headers).map(checked)),
  }
}

function checked([given, value]: readonly [string, string]): readonly [string, string] {
  const name = given.toLowerCase()
  if (notToSay.includes(name)) throw wrong(given, 'that the file or the connection does not say itself')
  try {
    validateHeaderName(name)
    validateHeaderValue(name, value)
  } catch (error) {
    throw wrong(given, `and a text that fit into a head (${messageOf(error)})`)
  }
  return [name, value]
}

function wrong(name: string, what: string): AgentError {
  return new AgentError('STATIC_HEADER', `headers: expected a name ${what}, got "${name}"`)
}
