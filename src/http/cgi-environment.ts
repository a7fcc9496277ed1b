import { isUtf8 } from 'node:buffer'

import { declaredBytes } from './body.js'
import { endToEnd } from './end-to-end.js'
import { HttpError } from './http-error.js'
import type { HttpExchange } from './http-exchange.js'

/** Which script a request is for, as RFC 3875 says it. */
export interface ScriptPlace {
  /** The part of the path that leads to the script, as it was sent (section 4.1.13). */
  readonly scriptName: string
  /** What is behind that, percent-decoded (section 4.1.5). */
  readonly pathInfo: string
}

export interface Environment {
  [name: string]: string
}

/** What a script is told elsewhere, or had better not know (section 4.1.18); `Proxy` would be taken for a setting (CVE-2016-5385). */
const notAsHeaders = new Set(['content-length', 'content-type', 'authorization', 'proxy'])

/**
 * The meta-variables of a request (RFC 3875, section 4.1), and `REQUEST_URI` and `HTTPS`, which scripts have come to expect. Throws an
 * HttpError 411 for a body whose length nobody knows yet: scripts are told it before they read (section 4.1.2).
 */
export function cgiEnvironment(exchange: HttpExchange, place: ScriptPlace): Environment {
  const { connection, clientAddress, request, method, query, host } = exchange
  const { scriptName, pathInfo } = place
  return {
    ...headerVariables(exchange),
    ...bodyVariables(exchange),
    ...userVariables(exchange),
    GATEWAY_INTERFACE: 'CGI/1.1',
    QUERY_STRING: asSent(query),
    REMOTE_ADDR: clientAddress,
    // Proxies do not tell it.
    ...(connection.isTrustedProxy ? {} : { REMOTE_PORT: String(connection.port) }),
    REQUEST_METHOD: method,
    REQUEST_URI: asSent(request.url ?? '/'),
    SCRIPT_NAME: scriptName,
    SERVER_NAME: host === '' ? 'localhost' : host,
    SERVER_PORT: /:(\d+)$/.exec(connection.listener)?.[1] ?? (connection.secure ? '443' : '80'),
    SERVER_PROTOCOL: `HTTP/${request.httpVersion}`,
    SERVER_SOFTWARE: 'sluice',
    ...(pathInfo === '' ? {} : { PATH_INFO: pathInfo }),
    ...(connection.secure ? { HTTPS: 'on' } : {}),
  }
}

/** Names with `_` are left out: `X_A` and `X-A` would be the same variable, and only one of them is what a stage before has seen. */
function headerVariables({ request }: HttpExchange): Environment {
  const variables: Environment = {}
  for (const [name, values] of Object.entries(endToEnd(request.rawHeaders))) {
    if (notAsHeaders.has(name) || name.includes('_')) continue
    const value = [values].flat().join(name === 'cookie' ? '; ' : ', ')
    variables[`HTTP_${name.toUpperCase().replaceAll('-', '_')}`] = asSent(value)
  }
  return variables
}

/** Node reads each byte of a head as one character, and writes text as UTF-8: what is that already must come out as it came in. */
function asSent(text: string): string {
  const bytes = Buffer.from(text, 'latin1')
  return isUtf8(bytes) ? bytes.toString() : text
}

function bodyVariables(exchange: HttpExchange): Environment {
  const bytes = declaredBytes(exchange)
  if (bytes === undefined) throw new HttpError(411, 'expected a body with a Content-Length', { reason: 'no_length' })
  if (bytes === 0) return {}
  const type = exchange.header('content-type')
  return { CONTENT_LENGTH: String(bytes), ...(type === undefined ? {} : { CONTENT_TYPE: type }) }
}

/** Whom a stage before has let in (sections 4.1.1 and 4.1.11). */
function userVariables(exchange: HttpExchange): Environment {
  if (exchange.user === undefined) return {}
  const [scheme = ''] = exchange.header('authorization')?.split(' ', 1) ?? []
  return { REMOTE_USER: exchange.user, ...(scheme === '' ? {} : { AUTH_TYPE: scheme }) }
}

const dotSegment = /(?:^|\/)\.{1,2}(?:\/|$)/

/**
 * A path to be told to a script. Throws an HttpError 400 for what is no text, would end a variable early, or leads upwards once its
 * `%2F` are slashes.
 */
export function decodedPath(path: string): string {
  const decoded = textOf(path)
  if (decoded !== undefined && !decoded.includes('\0') && !dotSegment.test(decoded)) return decoded
  throw new HttpError(400, `path: expected percent-encoded UTF-8 with no . or .., got "${path}"`, {
    reason: 'bad_path',
  })
}

function textOf(path: string): string | undefined {
  try {
    return decodeURIComponent(path)
  } catch {
    return undefined // refused
  }
}
