import { nodeHttp } from './node-http.js'
import type { ProblemFields } from './http-error.js'

/** What a problem document is called (RFC 9457, section 3). */
export const problemType = 'application/problem+json'

/** No browser takes one for a page, whatever of a request it tells. */
export const problemHeaders = { 'content-type': problemType, 'x-content-type-options': 'nosniff' } as const

/** The text of a problem document; its title is the standard name of the status. */
export function problemText(status: number, detail: string, fields: ProblemFields = {}): string {
  return `${JSON.stringify({ title: statusText(status), status, detail, ...fields })}\n`
}

export function statusText(status: number): string {
  return nodeHttp.STATUS_CODES[status] ?? 'Unknown'
}
