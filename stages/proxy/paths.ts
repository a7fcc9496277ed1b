import { type HttpExchange, HttpError, pathBelow } from 'sluice/http'

export interface PathSettings {
  /** Where the proxy is. */
  readonly path: string
  /** What stands in the place of it at the upstream; the same unless given. */
  readonly rewrite: string | undefined
}

/** What the upstream is asked for. Throws an HttpError for what is no path. */
export function upstreamPath({ path, query }: HttpExchange, settings: PathSettings): string {
  if (!path.startsWith('/')) throw new HttpError(400, `expected a path, got "${path}"`, { reason: 'bad_path' })
  const { path: place, rewrite } = settings
  const asked = rewrite === undefined ? path : `${withoutSlash(rewrite)}${pathBelow(path, place)}` || '/'
  return query === '' ? asked : `${asked}?${query}`
}

/** Where the client finds what the upstream calls by its own name and its own path. */
export function publicLocation(location: string, origin: string, { path, rewrite }: PathSettings): string {
  const local = location.startsWith(origin) ? location.slice(origin.length) || '/' : location
  if (!local.startsWith('/') || local.startsWith('//')) return location
  if (rewrite === undefined) return local
  const base = withoutSlash(rewrite)
  const below = local.slice(base.length)
  const isBelow = local.startsWith(base) && /^([/?#]|$)/.test(below)
  return isBelow ? `${withoutSlash(path)}${below}` || '/' : local
}

function withoutSlash(path: string): string {
  return path.endsWith('/') ? path.slice(0, -1) : path
}
