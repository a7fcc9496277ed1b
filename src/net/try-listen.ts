import type { ListenAddress } from './listen-address.js'
import { Listeners } from './listeners.js'

/** Listens on all of the addresses, and lets go of them. Throws an AgentError `NET_LISTEN` for the first that cannot be listened on. */
export async function tryListen(addresses: readonly ListenAddress[]): Promise<void> {
  const listeners = new Listeners()
  try {
    await listeners.open(addresses, { connected: (socket) => socket.destroy(), failed: () => undefined })
  } finally {
    listeners.close()
  }
}
