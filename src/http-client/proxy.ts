import type { Socket } from 'node:net'
import { connect } from '../net/connect.js'
import { type Target, targetText } from '../net/target.js'
import { AgentError } from '../plugin/errors.js'
import { targetOfUrl } from './address.js'

/** A server that passes requests on, or connections. */
export interface Proxy {
  readonly target: { readonly host: string; readonly port: number }
  /** Its credentials go to it alone. */
  readonly headers: { readonly 'proxy-authorization'?: string }
  readonly secrets: readonly string[]
}

/** Reads `http://user:password@host:port`. Throws an AgentError `HTTP_PROXY`, which does not show it. */
export function proxyOf(text: string | undefined): Proxy | undefined {
  if (text === undefined || text === '') return undefined
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol !== 'http:' || `${url.pathname}${url.search}${url.hash}` !== '/') {
    throw new AgentError('HTTP_PROXY', 'proxy: expected an address such as http://user:password@host:port')
  }
  const target = targetOfUrl(url)
  if (url.username === '') return { target, headers: {}, secrets: [] }
  const [user, password] = [decodeURIComponent(url.username), decodeURIComponent(url.password)]
  const basic = Buffer.from(`${user}:${password}`).toString('base64')
  const secrets = [basic, password].filter((secret) => secret !== '')
  return { target, headers: { 'proxy-authorization': `Basic ${basic}` }, secrets }
}

/** A proxy says no more than that in its answer. */
const longestHeadBytes = 16_384

/** A connection to a server that a proxy passes on as it is (RFC 9110, section 9.3.6). Throws an AgentError `HTTP_PROXY`. */
export async function tunnel(proxy: Proxy, target: Target, timeoutMs: number): Promise<Socket> {
  const signal = AbortSignal.timeout(timeoutMs)
  const socket = await connect(proxy.target, { timeoutMs, signal })
  try {
    const place = targetText(target)
    const fields = Object.entries({ host: place, ...proxy.headers }).map(([name, value]) => `${name}: ${value}\r\n`)
    socket.write(`CONNECT ${place} HTTP/1.1\r\n${fields.join('')}\r\n`)
    const [status = ''] = (await readHead(socket, signal)).split('\r\n')
    if (/^HTTP\/1\.[01] 2\d\d/.test(status)) return socket
    throw proxyError(proxy, `answered ${JSON.stringify(status.slice(0, 100))} to a CONNECT`)
  } catch (error) {
    socket.destroy()
    if (signal.aborted) throw proxyError(proxy, `no answer to a CONNECT within ${timeoutMs} ms`)
    throw error
  }
}

function proxyError({ target }: Proxy, what: string): AgentError {
  return new AgentError('HTTP_PROXY', `proxy ${targetText(target)}: ${what}`)
}

/** What is behind the head stays in the socket. */
function readHead(socket: Socket, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    let read = Buffer.alloc(0)
    const settle = (finish: () => void): void => {
      signal.removeEventListener('abort', failed)
      socket.off('readable', more).off('close', failed).off('end', failed)
      finish()
    }
    const failed = (): void => settle(() => reject(new AgentError('HTTP_PROXY', 'proxy: no whole answer to a CONNECT')))
    const more = (): void => {
      for (let bytes = socket.read() as Buffer | null; bytes; bytes = socket.read() as Buffer | null) {
        read = Buffer.concat([read, bytes])
      }
      const end = read.indexOf('\r\n\r\n')
      if (end < 0) return read.length > longestHeadBytes ? failed() : undefined
      settle(() => {
        if (read.length > end + 4) socket.unshift(read.subarray(end + 4))
        resolve(read.toString('latin1', 0, end))
      })
    }
    signal.addEventListener('abort', failed)
    socket.on('readable', more).on('close', failed).on('end', failed)
  })
}
