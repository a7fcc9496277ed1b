import { HttpError } from './http-error.js'
import type { HttpLimits } from './limits.js'
import type { HttpRequest } from './messages.js'
import { headerTooLong, malformed } from './refusals.js'

/** What is wrong with the head of a request, of what Node leaves to its user; the connection of such a request is to end. */
export function headProblem(request: HttpRequest, limits: HttpLimits): HttpError | undefined {
  const { rawHeaders, headers } = request
  // Node would pass over headers beyond its limit.
  if (rawHeaders.length > 2 * limits.headerCount)
    return new HttpError(431, `expected at most ${limits.headerCount} headers`, { reason: 'too_many_headers' })
  // RFC 9110, section 10.1.1: there is one expectation.
  if (headers.expect !== undefined && headers.expect.toLowerCase() !== '100-continue')
    return new HttpError(417, 'expected no `Expect` but `100-continue`', { reason: 'unknown_expectation' })
  // Not by the version, which in HTTP/1.1 is what the client wrote.
  return 'stream' in request ? problemOfHttp2(request, limits) : problemOfHttp1(request)
}

/** RFC 9113, sections 6.5.2 (what a list of headers counts as) and 8.3.1 (`Host` beside `:authority`). */
function problemOfHttp2({ rawHeaders, headers }: HttpRequest, { headerBytes }: HttpLimits): HttpError | undefined {
  let bytes = 16 * rawHeaders.length
  for (const text of rawHeaders) bytes += text.length
  if (bytes > headerBytes) return headerTooLong()
  const authority = headers[':authority']
  if (authority === undefined || headers.host === undefined || headers.host === authority) return undefined
  return malformed('expected `host` to be as `:authority`')
}

/** RFC 9112, sections 2.3 (the version) and 3.2 (one valid `Host`). */
function problemOfHttp1({ rawHeaders, headers, httpVersion }: HttpRequest): HttpError | undefined {
  if (httpVersion !== '1.1' && httpVersion !== '1.0') return malformed('expected HTTP/1.1')
  const hosts = countHosts(rawHeaders)
  if (hosts > 1 || (hosts === 0 && httpVersion === '1.1'))
    return malformed(`expected one header \`Host\`, got ${hosts}`)
  if (/[\s/?#@\\]/.test(headers.host ?? '')) return malformed('expected a host in the header `Host`')
  const codings = headers['transfer-encoding']
  return codings === undefined ? undefined : problemOfCodings(codings, httpVersion)
}

/** RFC 9112, section 6.1. Node undoes only the last, and refuses what does not end in `chunked`. */
function problemOfCodings(codings: string, httpVersion: string): HttpError | undefined {
  if (httpVersion === '1.0') return malformed('expected no `Transfer-Encoding` in HTTP/1.0')
  if (!/,\s*chunked$/i.test(codings)) return undefined
  return new HttpError(501, 'expected no `Transfer-Encoding` but `chunked`', { reason: 'unknown_coding' })
}

function countHosts(rawHeaders: readonly string[]): number {
  let hosts = 0
  for (let at = 0; at < rawHeaders.length; at += 2) if (isHost(rawHeaders[at] as string)) hosts++
  return hosts
}

function isHost(name: string): boolean {
  return name.length === 4 && name.toLowerCase() === 'host'
}
