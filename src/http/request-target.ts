/** What a request asks for, taken apart (RFC 9112, section 3.2). */
export interface RequestTarget {
  /** As it was sent, percent-encoded; `*` for `OPTIONS *`. */
  readonly path: string
  /** Without its question mark; empty where there is none. */
  readonly query: string
  /** Of an absolute target, which goes before the header `Host`. */
  readonly authority?: string
}

const absolute = /^https?:\/\/([^/?#]*)/i

export function parseTarget(target: string): RequestTarget {
  if (target.charCodeAt(0) === 0x2f) return pathAndQuery(target)
  const found = absolute.exec(target)
  if (!found) return { path: target, query: '' }
  const rest = target.slice(found[0].length)
  return { ...pathAndQuery(rest.startsWith('/') ? rest : `/${rest}`), authority: found[1] ?? '' }
}

function pathAndQuery(target: string): RequestTarget {
  const at = target.indexOf('?')
  return at < 0 ? { path: target, query: '' } : { path: target.slice(0, at), query: target.slice(at + 1) }
}

/** A host in lower case without its port and its final dot. */
export function hostName(authority: string): string {
  const end = authority.startsWith('[') ? authority.indexOf(']') + 1 : authority.indexOf(':')
  const host = (end > 0 ? authority.slice(0, end) : authority).toLowerCase()
  return host.endsWith('.') ? host.slice(0, -1) : host
}
