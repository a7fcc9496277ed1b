import type { Listener, ListenerParts } from './listener.js'
import { openSystemdListeners } from './systemd-listener.js'
import { openTcpListener } from './tcp-listener.js'
import { openUnixListener } from './unix-listener.js'

/** Listens on one address, which may be several sockets where systemd opened them. Throws an AgentError `NET_LISTEN`. */
export async function openListeners(parts: ListenerParts): Promise<readonly Listener[]> {
  const { address } = parts
  if ('systemd' in address) return openSystemdListeners({ ...parts, address })
  return [
    'path' in address ? await openUnixListener({ ...parts, address }) : await openTcpListener({ ...parts, address }),
  ]
}
