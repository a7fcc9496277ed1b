import { addressText, type TcpAddress } from './listen-address.js'
import { type Listener, type ListenerParts, listenOn } from './listener.js'

/** Listens on a host and port; where the port is 0 the system chooses one, which the listener's address then has. */
export function openTcpListener(parts: ListenerParts<TcpAddress>): Promise<Listener> {
  const { host, port, reusePort = false } = parts.address
  return listenOn(parts, { host, port, reusePort }, (server) => {
    const bound = server.address()
    return addressText({ host, port: typeof bound === 'object' ? (bound?.port ?? port) : port })
  })
}
