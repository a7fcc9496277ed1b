import type { IncomingHttpHeaders } from 'node:http'

/** What tells one state of a file from another. */
export interface Validators {
  /** Strong, with its quotes. */
  readonly etag: string
  /** Whole seconds since 1970, as far as a date in a header tells it. */
  readonly modified: number
}

/** A file that was changed has another size or another time, which is kept to the nanosecond. */
export function validatorsOf(file: { readonly size: number; readonly modifiedNs: bigint }, encoding = ''): Validators {
  const suffix = encoding === '' ? '' : `-${encoding}`
  return {
    etag: `"${file.size.toString(36)}-${file.modifiedNs.toString(36)}${suffix}"`,
    modified: Number(file.modifiedNs / 1_000_000_000n),
  }
}

/** The status that the conditions of a GET or HEAD ask for in place of the file, in the order of RFC 9110, section 13.2.2. */
export function failedCondition(headers: IncomingHttpHeaders, validators: Validators): 304 | 412 | undefined {
  const { etag, modified } = validators
  const match = headers['if-match']
  const unmodified = secondsOf(headers['if-unmodified-since'])
  if (match !== undefined ? !lists(match, etag) : unmodified !== undefined && modified > unmodified) return 412
  const noneMatch = headers['if-none-match']
  if (noneMatch !== undefined) return lists(noneMatch.replaceAll('W/', ''), etag) ? 304 : undefined
  const since = secondsOf(headers['if-modified-since'])
  return since !== undefined && modified <= since ? 304 : undefined
}

/** Whether a range may be given of the file, or it has changed since the client had the rest (RFC 9110, section 13.1.5). */
export function rangeApplies(ifRange: string | undefined, { etag, modified }: Validators): boolean {
  if (ifRange === undefined) return true
  return ifRange.includes('"') ? ifRange === etag : secondsOf(ifRange) === modified
}

/** Weak ones are not among them. */
function lists(header: string, etag: string): boolean {
  return header.trim() === '*' || [...header.matchAll(/(?:W\/)?"[^"]*"/g)].some(([listed]) => listed === etag)
}

function secondsOf(date: string | undefined): number | undefined {
  const milliseconds = Date.parse(date ?? '')
  return Number.isNaN(milliseconds) ? undefined : Math.floor(milliseconds / 1000)
}
