import { HttpError } from './http-error.js'

const refusals: { readonly [code: string]: () => HttpError } = {
  HPE_HEADER_OVERFLOW: headerTooLong,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: () =>
    new HttpError(413, 'the chunk extensions are too long', { reason: 'body_too_long' }),
  HPE_INVALID_EOF_STATE: () => new HttpError(400, 'the request broke off before its end', { reason: 'cut_off' }),
  ERR_HTTP_REQUEST_TIMEOUT: tooSlow,
}

/** What Node says of a request that it could not read, as the client is told; undefined where there is nobody to tell. */
export function refusalOf(code = ''): HttpError | undefined {
  return refusals[code]?.() ?? (code.startsWith('HPE_') ? malformed('the request is not HTTP/1.1') : undefined)
}

export function tooSlow(): HttpError {
  return new HttpError(408, 'the request did not come in time', { reason: 'too_slow' })
}

export function headerTooLong(): HttpError {
  return new HttpError(431, 'the headers are longer than max_header_size', { reason: 'header_too_long' })
}

export function malformed(detail: string): HttpError {
  return new HttpError(400, detail, { reason: 'malformed' })
}
