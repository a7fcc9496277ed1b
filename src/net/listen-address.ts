import { AgentError } from '../plugin/errors.js'

export interface TcpAddress {
  readonly host: string
  readonly port: number
  /** Whether others may listen on the same address, and get a part of the connections (SO_REUSEPORT). */
  readonly reusePort?: boolean
}

export interface UnixAddress {
  readonly path: string
  /** Permissions of the socket; those that the umask leaves where there are none. */
  readonly mode?: number
  /** `USER`, `USER:GROUP` or `:GROUP`, by name or number. */
  readonly owner?: string
}

/** Sockets that systemd opened for this process, by the `FileDescriptorName` of its socket unit. */
export interface SystemdAddress {
  readonly systemd: string
}

export type ListenAddress = TcpAddress | UnixAddress | SystemdAddress

const withPort = /^(?:\[([\da-fA-F:.%\w]+)\]|([^\s/:[\]]+)):(\d{1,5})$/
const hostAlone = /^(?:\[([\da-fA-F:.%\w]+)\]|([^\s/:[\]]+|[\da-fA-F.]*(?::[\da-fA-F.]*){2,}(?:%\w+)?))$/
const unixSocket = /^unix:(\/\S+)((?:\s+\w+=\S+)*)$/
const systemdSocket = /^systemd:([!-9;-~]{1,255})$/

/** Reads one address of the option `listen`. Throws an AgentError `NET_LISTEN_ADDRESS`. */
export function parseListen(text: string, defaultPort: number): ListenAddress {
  const address = unixAddress(text) ?? systemdAddress(text) ?? tcpAddress(text, defaultPort)
  if (address) return address
  const forms = 'HOST, HOST:PORT, [IPV6]:PORT, unix:/PATH mode=0660 owner=USER:GROUP or systemd:NAME'
  throw new AgentError('NET_LISTEN_ADDRESS', `listen: expected ${forms}, got "${text}"`)
}

/** As in the option; a port of 0 where the system is to choose. */
export function addressText(address: ListenAddress): string {
  if ('systemd' in address) return `systemd:${address.systemd}`
  if ('path' in address) return `unix:${address.path}`
  return address.host.includes(':') ? `[${address.host}]:${address.port}` : `${address.host}:${address.port}`
}

function tcpAddress(text: string, defaultPort: number): TcpAddress | undefined {
  const found = withPort.exec(text) ?? hostAlone.exec(text)
  if (!found) return undefined
  const [, ipv6, host = '', port] = found
  return Number(port ?? 0) > 65_535 ? undefined : { host: ipv6 ?? host, port: Number(port ?? defaultPort) }
}

function systemdAddress(text: string): SystemdAddress | undefined {
  const [, systemd] = systemdSocket.exec(text) ?? []
  return systemd === undefined ? undefined : { systemd }
}

function unixAddress(text: string): UnixAddress | undefined {
  const [, path, words = ''] = unixSocket.exec(text) ?? []
  if (path === undefined) return undefined
  const { mode, owner, ...others } = settingsIn(words)
  if (Object.keys(others).length > 0 || !isMode(mode) || !isOwner(owner)) return undefined
  return {
    path,
    ...(mode === undefined ? {} : { mode: Number.parseInt(mode, 8) }),
    ...(owner === undefined ? {} : { owner }),
  }
}

function settingsIn(words: string): { readonly [name: string]: string } {
  return Object.fromEntries([...words.matchAll(/(\w+)=(\S+)/g)].map(([, name = '', value = '']) => [name, value]))
}

function isMode(mode = '0600'): boolean {
  return /^0?[0-7]{3}$/.test(mode)
}

function isOwner(owner = '0'): boolean {
  return /^([\w.-]+(:[\w.-]+)?|:[\w.-]+)$/.test(owner)
}
