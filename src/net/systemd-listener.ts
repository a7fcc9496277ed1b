import type { Server } from 'node:net'

import { AgentError } from '../plugin/errors.js'
import { addressText, type SystemdAddress } from './listen-address.js'
import { listenError, type Listener, type ListenerParts, listenOn } from './listener.js'

/** The first socket that systemd hands over (sd_listen_fds(3), SD_LISTEN_FDS_START). */
const firstFd = 3

/** Listens on the sockets of that name which systemd opened before this process began. */
export async function openSystemdListeners(parts: ListenerParts<SystemdAddress>): Promise<readonly Listener[]> {
  const { address } = parts
  const fds = handedOver(address.systemd, process.env, process.pid)
  if (fds.length === 0) throw listenError(address, noSocket(process.env))
  const opened = await Promise.allSettled(
    fds.map((fd) => listenOn(parts, { fd }, (server) => boundTo(server, address))),
  )
  const listeners = opened.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []))
  const failure = opened.find(({ status }) => status === 'rejected')
  if (!failure) return listeners
  for (const listener of listeners) listener.close()
  throw (failure as PromiseRejectedResult).reason
}

function boundTo(server: Server, address: SystemdAddress): string {
  const bound = server.address()
  if (bound === null) return addressText(address)
  if (typeof bound === 'string') return addressText({ path: bound })
  return addressText({ host: bound.address, port: bound.port })
}

/** File descriptors by the name that their socket unit gives them; `unknown` is the name of those with none (sd_listen_fds(3)). */
export function handedOver(name: string, env: NodeJS.ProcessEnv, pid: number): number[] {
  // The variables are inherited by children, for whom they are not meant.
  if (Number(env['LISTEN_PID']) !== pid) return []
  const names = env['LISTEN_FDNAMES']?.split(':') ?? []
  const fds = Array.from({ length: Number(env['LISTEN_FDS'] ?? 0) }, (_, at) => firstFd + at)
  return fds.filter((_, at) => (names[at] ?? 'unknown') === name)
}

function noSocket(env: NodeJS.ProcessEnv): AgentError {
  const names = env['LISTEN_FDNAMES']
  const got = names === undefined ? 'systemd handed over none' : `systemd handed over "${names}"`
  return new AgentError('NET_LISTEN', `expected a socket with this name, ${got}; see FileDescriptorName= of its unit`)
}
