import { endianness } from 'node:os'

import { AgentError } from '../../plugin/errors.js'

/** unix(7): AF_UNIX. */
export const unixFamily = 1

/** unix(7): bytes of `sun_path`, with the zero that ends a path. */
const longestPath = 108

/**
 * The `struct sockaddr_un` of a socket as `NOTIFY_SOCKET` names it: an absolute path, or `@` and an abstract name (sd_notify(3)).
 * Throws an AgentError `SYSTEMD_SOCKET` for anything else.
 */
export function unixAddress(name: string): Uint8Array {
  const path = Buffer.from(name.startsWith('@') ? `\0${name.slice(1)}` : `${name}\0`)
  if (!/^[/@]./.test(name) || path.length > longestPath) {
    throw new AgentError(
      'SYSTEMD_SOCKET',
      `NOTIFY_SOCKET: expected an absolute path or "@" and an abstract name, of at most ${longestPath - 1} bytes, got "${name}"`,
    )
  }
  const family = Buffer.alloc(2)
  if (endianness() === 'LE') family.writeUInt16LE(unixFamily)
  else family.writeUInt16BE(unixFamily)
  return Buffer.concat([family, path])
}
