import { chmod, chown, lstat, unlink } from 'node:fs/promises'
import { connect } from 'node:net'
import { isMainThread } from 'node:worker_threads'

import { AgentError } from '../plugin/errors.js'
import type { UnixAddress } from './listen-address.js'
import { listenError, type Listener, type ListenerParts, listenOn } from './listener.js'
import { idsOf } from './owner.js'

/** Listens on a socket in the file system, which is removed when the listener is closed. */
export async function openUnixListener(parts: ListenerParts<UnixAddress>): Promise<Listener> {
  const { address } = parts
  try {
    await removeStale(address.path)
  } catch (error) {
    throw listenError(address, error)
  }
  const { listening, usualMode } = listenAlone(parts)
  const listener = await listening
  try {
    await permit(address, usualMode)
    return listener
  } catch (error) {
    listener.close()
    throw listenError(address, error)
  }
}

interface Alone {
  readonly listening: Promise<Listener>
  /** Permissions that the socket would have by the umask. */
  readonly usualMode?: number
}

/**
 * Whoever the umask lets may connect as soon as there is a socket, which `listenOn` makes before it returns: until it has the owner
 * and the mode that it is to have, it is for this user alone. A thread may not set the umask of its process.
 */
function listenAlone(parts: ListenerParts<UnixAddress>): Alone {
  const { path } = parts.address
  if (!isMainThread) return { listening: listenOn(parts, { path }) }
  const umask = process.umask(0o077)
  try {
    return { listening: listenOn(parts, { path }), usualMode: 0o777 & ~umask }
  } finally {
    process.umask(umask)
  }
}

/** A process that was killed leaves its socket behind: it goes, if nobody answers on it. */
async function removeStale(path: string): Promise<void> {
  const kind = await lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (!kind) return
  if (!kind.isSocket()) throw new AgentError('NET_LISTEN', 'there is a file that is no socket')
  if (await answers(path)) throw new AgentError('NET_LISTEN', 'another process listens there')
  await unlink(path)
}

/** Only what is refused has nobody behind it: a socket that we may not connect to has somebody. */
function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ path })
    socket.once('connect', () => resolve(true)).once('error', (error) => resolve(!isRefused(error)))
    socket.once('connect', () => socket.destroy())
  })
}

function isRefused(error: NodeJS.ErrnoException): boolean {
  return error.code === 'ECONNREFUSED'
}

async function permit({ path, mode, owner }: UnixAddress, usualMode?: number): Promise<void> {
  if (owner !== undefined) {
    const { uid, gid } = await idsOf(owner)
    await chown(path, uid, gid)
  }
  const permissions = mode ?? usualMode
  if (permissions !== undefined) await chmod(path, permissions)
}
