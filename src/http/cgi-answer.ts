import { endToEnd, type Fields } from './end-to-end.js'
import { HttpError } from './http-error.js'
import type { HttpExchange } from './http-exchange.js'
import { writable } from './pass-body.js'

/** The beginning of what a script writes (RFC 3875, section 6). */
export interface CgiHead {
  readonly status: number
  readonly headers: Fields
}

const longestHead = 16 * 1024
const headEnd = /\r?\n\r?\n/
const field = /^([!#$%&'*+.^_`|~\w-]+):[ \t]*([\t\x20-\x7e\x80-\xff]*?)[ \t]*$/

/** Throws an HttpError 502 for what is no head. */
export function parseCgiHead(text: string): CgiHead {
  const raw: string[] = []
  for (const line of text.split(/\r?\n/)) {
    const [, name, value] = field.exec(line) ?? []
    if (name === undefined || value === undefined) throw unreadable('its headers are none')
    raw.push(name, value)
  }
  // How long the body is shows when it was written.
  const { status, 'content-length': _length, ...headers } = endToEnd(raw)
  return { status: statusIn(status, headers['location'] !== undefined), headers }
}

/** `Status: 404 Not Found`; without it a `Location` alone is a redirect (sections 6.3.3 and 6.2.3). */
function statusIn(status: string | string[] | undefined, isRedirect: boolean): number {
  if (status === undefined) return isRedirect ? 302 : 200
  const [, digits] = /^([2-5]\d\d)(?: |$)/.exec(String(status)) ?? []
  if (digits === undefined) throw unreadable('its status is none')
  return Number(digits)
}

/**
 * Answers with what a script writes, as it comes, and no faster than the client takes it; ends the answer not, since only the end of
 * the script tells whether it is whole. Throws an HttpError 502 where it begins with no head, or is longer than the limit.
 */
export async function answerFromCgi(
  exchange: HttpExchange,
  output: AsyncIterable<Buffer>,
  limitBytes: number,
): Promise<void> {
  const { response } = exchange
  let head = Buffer.alloc(0)
  let bytes = 0
  for await (const part of output) {
    bytes += part.length
    if (bytes > limitBytes) throw unreadable(`it is longer than ${limitBytes} bytes`)
    let body = part
    if (!response.headersSent) {
      head = Buffer.concat([head, part])
      const rest = begin(exchange, head)
      if (!rest) continue
      body = rest
    }
    if (exchange.method !== 'HEAD') exchange.sentBytes += body.length
    if (body.length > 0 && !response.write(body)) await writable(response)
  }
  if (!response.headersSent) throw unreadable('it has no headers')
}

/** What is behind the head; undefined where that has no end yet. */
function begin({ response }: HttpExchange, bytes: Buffer): Buffer | undefined {
  const text = bytes.toString('latin1', 0, longestHead)
  const end = headEnd.exec(text)
  if (!end) {
    if (bytes.length >= longestHead) throw unreadable('its headers are too long')
    return undefined
  }
  const { status, headers } = parseCgiHead(text.slice(0, end.index))
  response.writeHead(status, headers)
  response.flushHeaders()
  return bytes.subarray(end.index + end[0].length)
}

function unreadable(what: string): HttpError {
  return new HttpError(502, `the answer of the script cannot be used: ${what}`, { reason: 'bad_script' })
}
