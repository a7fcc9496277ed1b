import { type Connection, HttpError, type HttpExchange, type Stage } from 'sluice/http'

type Lets = (address: string) => boolean

/**
 * Rules for all of a server: who is kept out costs it no more than a socket. Whom a trusted proxy speaks for is known with each
 * request only.
 */
export function connectionGuard(lets: Lets): Stage {
  return {
    onConnect: ({ address }) => lets(address),
    onRequest({ connection, clientAddress }) {
      if (connection.isTrustedProxy && !lets(clientAddress)) throw denied()
      return false
    },
  }
}

/** Rules for one place: the path is known with the request. Its connection is looked up once, unless it is a trusted proxy's. */
export function requestGuard(lets: Lets): Stage {
  const known = new WeakMap<Connection, boolean>()
  const isLetIn = ({ connection, clientAddress }: HttpExchange): boolean => {
    if (connection.isTrustedProxy) return lets(clientAddress)
    const is = known.get(connection) ?? lets(clientAddress)
    known.set(connection, is)
    return is
  }
  return {
    onRequest(exchange) {
      if (isLetIn(exchange)) return false
      throw denied()
    },
  }
}

function denied(): HttpError {
  return new HttpError(403, 'your address is not let in here', { reason: 'denied_address' })
}
