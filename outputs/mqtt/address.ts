import { bareHost, refuseUrlParts } from 'sluice/plugin'

/** The options that `-o mqtt://user:password@host:port/topic` stands for. */
export function optionsOfUrl(url: URL): { readonly [option: string]: unknown } {
  refuseUrlParts(url, ['query', 'fragment'])
  const { hostname, port, pathname, username, password, protocol } = url
  const topic = decodeURIComponent(pathname.slice(1))
  return {
    host: bareHost(hostname),
    ...(port === '' ? {} : { port: Number(port) }),
    ...(protocol === 'mqtts:' ? { tls: true } : {}),
    ...(topic === '' ? {} : { topic }),
    ...(username === '' ? {} : { username: decodeURIComponent(username) }),
    ...(password === '' ? {} : { password: decodeURIComponent(password) }),
  }
}
