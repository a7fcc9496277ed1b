import type { HttpExchange } from 'sluice/http'

import { byteRange, type ByteRange } from './byte-range.js'
import { failedCondition, rangeApplies, type Validators, validatorsOf } from './preconditions.js'
import type { Found } from './root-folder.js'
import { sendBody, type SendSettings } from './send-body.js'

type Headers = { readonly [name: string]: string }

export interface FileToSend {
  readonly file: Found
  /** Coding of the file, such as `gzip`; empty for none. */
  readonly encoding: string
  readonly headers: Headers
}

/** Answers a GET or HEAD with a file, a part of it, or that it need not be sent. */
export async function sendFile(exchange: HttpExchange, sent: FileToSend, settings: SendSettings): Promise<true> {
  const validators = validatorsOf(sent.file, sent.encoding)
  const failed = failedCondition(exchange.request.headers, validators)
  const headers = { ...sent.headers, ...validatorHeaders(validators) }
  if (failed === 412) return exchange.problem(412, 'the file is not as the conditions of the request want it')
  if (failed === 304) return exchange.reply(304, '', { ...headers })
  const size = sent.file.size
  const range = rangeOf(exchange, size, validators)
  if (range === 'none') return unsatisfiable(exchange, size)
  const encoded = sent.encoding === '' ? headers : { ...headers, 'content-encoding': sent.encoding }
  return sendRange(exchange, { ...sent, headers: encoded }, range, settings)
}

function rangeOf(exchange: HttpExchange, size: number, validators: Validators): ByteRange | 'none' | undefined {
  // Ranges are of GET alone (RFC 9110, section 14.2).
  if (exchange.method !== 'GET' || !rangeApplies(exchange.header('if-range'), validators)) return undefined
  return byteRange(exchange.header('range'), size)
}

async function sendRange(
  exchange: HttpExchange,
  { file, headers }: FileToSend,
  range: ByteRange | undefined,
  settings: SendSettings,
): Promise<true> {
  const { first, end } = range ?? { first: 0, end: file.size }
  const length = { ...headers, 'content-length': String(end - first) }
  if (exchange.method === 'HEAD') return exchange.reply(200, '', length)
  if (range) exchange.response.writeHead(206, { ...length, 'content-range': `bytes ${first}-${end - 1}/${file.size}` })
  else exchange.response.writeHead(200, length)
  await sendBody(exchange, file.handle, { first, end }, settings)
  return true
}

function unsatisfiable(exchange: HttpExchange, size: number): true {
  const detail = `range: expected bytes of a file of ${size}`
  return exchange.problem(416, detail, { 'content-range': `bytes */${size}` })
}

function validatorHeaders({ etag, modified }: Validators): Headers {
  return { etag, 'last-modified': new Date(modified * 1000).toUTCString(), 'accept-ranges': 'bytes' }
}
