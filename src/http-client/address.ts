import { type Target, targetText } from '../net/target.js'
import { bareHost, refuseUrlParts } from '../plugin/url-parts.js'

interface Place {
  readonly host: string
  readonly port: number | undefined
  readonly tls: boolean
}

/** Where to connect to. */
export function targetOf({ host, port, tls }: Place): { readonly host: string; readonly port: number } {
  return { host, port: port ?? (tls ? 443 : 80) }
}

/** The same of a whole address. */
export function targetOfUrl({ hostname, port, protocol }: URL): { readonly host: string; readonly port: number } {
  return targetOf({
    host: bareHost(hostname),
    port: port === '' ? undefined : Number(port),
    tls: protocol === 'https:',
  })
}

/** `http://host:port`, with the brackets that an IPv6 address needs; of a unix socket a host that stands for it. */
export function originOf(target: Target, tls: boolean): string {
  const scheme = tls ? 'https' : 'http'
  return 'path' in target ? `${scheme}://localhost` : `${scheme}://${targetText(target)}`
}

/** With the slash that a request's path begins with (RFC 9112, section 3.2.1). */
export function pathOf(uri: string): string {
  return uri.startsWith('/') ? uri : `/${uri}`
}

/** What logs call a destination. Its query is left out: it may hold a token. */
export function whereOf(target: Target, tls: boolean, uri: string): string {
  const origin = 'path' in target ? `unix:${target.path}:` : originOf(target, tls)
  return `${origin}${pathOf(uri).replace(/\?.*/s, '')}`
}

/** The options that `-o http://user:password@host:port/path` stands for. */
export function optionsOfUrl(url: URL): { readonly [option: string]: unknown } {
  refuseUrlParts(url, ['fragment'])
  const { hostname, port, pathname, search, username, password, protocol } = url
  return {
    host: bareHost(hostname),
    uri: `${pathname || '/'}${search}`,
    ...(port === '' ? {} : { port: Number(port) }),
    ...(protocol === 'https:' ? { tls: true } : {}),
    ...(username === '' ? {} : { http_user: decodeURIComponent(username) }),
    ...(password === '' ? {} : { http_passwd: decodeURIComponent(password) }),
  }
}
