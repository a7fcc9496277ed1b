import { refuseUrlParts } from 'sluice/plugin'

export interface Address {
  readonly origin: string
  readonly path: string
  /** What logs call it. Its query is left out: it may hold a token. */
  readonly where: string
}

interface AddressOptions {
  readonly host: string
  readonly port: number | undefined
  readonly uri: string
  readonly tls: boolean
}

export function addressOf({ host, port, uri, tls }: AddressOptions): Address {
  const name = host.includes(':') ? `[${host}]` : host
  const origin = `${tls ? 'https' : 'http'}://${name}:${port ?? (tls ? 443 : 80)}`
  const path = uri.startsWith('/') ? uri : `/${uri}`
  return { origin, path, where: `${origin}${path.replace(/\?.*/s, '')}` }
}

/** The options that `-o http://user:password@host:port/path` stands for. */
export function optionsOfUrl(url: URL): { readonly [option: string]: unknown } {
  refuseUrlParts(url, ['fragment'])
  const { hostname, port, pathname, search, username, password, protocol } = url
  return {
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    uri: `${pathname || '/'}${search}`,
    ...(port === '' ? {} : { port: Number(port) }),
    ...(protocol === 'https:' ? { tls: true } : {}),
    ...(username === '' ? {} : { http_user: decodeURIComponent(username) }),
    ...(password === '' ? {} : { http_passwd: decodeURIComponent(password) }),
  }
}
