import { refuseUrlParts } from '../plugin/url-parts.js'

interface Place {
  readonly host: string
  readonly port: number | undefined
  readonly tls: boolean
}

/** `http://host:port`, with the brackets that an IPv6 address needs. */
export function originOf({ host, port, tls }: Place): string {
  const name = host.includes(':') ? `[${host}]` : host
  return `${tls ? 'https' : 'http'}://${name}:${port ?? (tls ? 443 : 80)}`
}

/** With the slash that a request's path begins with (RFC 9112, section 3.2.1). */
export function pathOf(uri: string): string {
  return uri.startsWith('/') ? uri : `/${uri}`
}

/** What logs call a destination. Its query is left out: it may hold a token. */
export function whereOf(origin: string, path: string): string {
  return `${origin}${path.replace(/\?.*/s, '')}`
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
