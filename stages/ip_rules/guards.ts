import { type Connection, HttpError, type Stage } from 'sluice/http'

type Lets = (address: string) => boolean

/** Rules for all of a server: who is kept out costs it no more than a socket. */
export function connectionGuard(lets: Lets): Stage {
  return { onConnect: ({ address }) => lets(address) }
}

/** Rules for one place: the path is known with the request. Its connection is looked up once. */
export function requestGuard(lets: Lets): Stage {
  const known = new WeakMap<Connection, boolean>()
  return {
    onRequest({ connection }) {
      const isLetIn = known.get(connection) ?? lets(connection.address)
      known.set(connection, isLetIn)
      if (isLetIn) return false
      throw new HttpError(403, 'your address is not let in here', { reason: 'denied_address' })
    },
  }
}
