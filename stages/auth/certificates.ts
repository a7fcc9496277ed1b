import type { Way } from './identity.js'

/** Names in a certificate that TLS has verified; there is nothing to tell a client that has none. */
export function certificateWay(names: readonly string[]): Way {
  const exact = new Set(names)
  const endings = names.filter((name) => name.startsWith('*.')).map((name) => name.slice(1))
  const isKnown = (name: string): boolean => exact.has(name) || endings.some((ending) => name.endsWith(ending))
  return {
    find({ connection }) {
      const user = connection.certificateNames.find(isKnown)
      return user === undefined ? undefined : { user }
    },
  }
}
