import { AgentError } from './errors.js'

/** What a URL may have beside its scheme, host and port. */
export type UrlPart = 'user' | 'path' | 'query' | 'fragment'

const isGiven: { readonly [part in UrlPart]: (url: URL) => boolean } = {
  user: ({ username, password }) => username !== '' || password !== '',
  path: ({ pathname }) => pathname !== '' && pathname !== '/',
  query: ({ search }) => search !== '',
  fragment: ({ hash }) => hash !== '',
}

/** Of a path that is used, what may well be meant. */
const escapes: { readonly [part in UrlPart]: string } = {
  user: '',
  path: '',
  query: '; write %3F for a question mark',
  fragment: '; write %23 for a number sign',
}

/** Throws an AgentError `PLUGIN_URL_PART` where a URL has one of the parts that nothing would be made of. Shows none: it may be a secret. */
export function refuseUrlParts(url: URL, unused: readonly UrlPart[]): void {
  const part = unused.find((each) => isGiven[each](url))
  if (part === undefined) return
  const advice = unused.includes('path') ? '' : escapes[part]
  throw new AgentError('PLUGIN_URL_PART', `expected a URL without a ${part}, which this output does not use${advice}`)
}

/** The host of a URL without the brackets that an IPv6 address has there. */
export function bareHost(hostname: string): string {
  return hostname.replace(/^\[(.*)\]$/, '$1')
}
