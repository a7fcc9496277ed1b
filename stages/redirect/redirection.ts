import { normalPath } from 'sluice/http'
import { AgentError } from 'sluice/plugin'

interface Rule {
  readonly from: string
  readonly to: string
  readonly exact: boolean
}

interface Asked {
  readonly path: string
  readonly query: string
}

/**
 * The location for a request at or below `from`, which keeps what is below it and the query; undefined where the rule is for the
 * path alone and more was asked for. Throws an AgentError `REDIRECT_LOOP` where clients would come back for ever.
 */
export function redirection({ from, to, exact }: Rule): (asked: Asked) => string | undefined {
  const base = normalPath(withoutSlash(from))
  const target = withoutSlash(to)
  if (isBelow(to, base) && (!exact || to === from))
    throw new AgentError('REDIRECT_LOOP', `to: expected a path that is not below "${from}", got "${to}"; set exact: on`)
  return ({ path, query }) => {
    const rest = normalPath(path).slice(base.length)
    const isAll = rest === '' || rest === '/'
    if (exact && !(base === '' ? isAll : rest === '')) return undefined
    const location = isAll ? to : target + rest
    return withQuery(oneSlash(location), query)
  }
}

function withoutSlash(path: string): string {
  return path.endsWith('/') ? path.slice(0, -1) : path
}

function isBelow(path: string, base: string): boolean {
  return path.startsWith('/') && (base === '' || path === base || path.startsWith(`${base}/`))
}

/** `//host/path` is the address of another host (RFC 3986, section 4.2), which whoever made the link may not choose. */
function oneSlash(location: string): string {
  return location.replace(/^\/{2,}/, '/')
}

function withQuery(location: string, query: string): string {
  return query === '' ? location : `${location}?${query}`
}
