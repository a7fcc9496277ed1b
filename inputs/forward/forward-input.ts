import type { Socket } from 'node:net'
import { hostname } from 'node:os'
import { Buffers, type DoorSettings, RecentChunks } from 'sluice/forward'
import { type ListenAddress, readStreamServer, serve } from 'sluice/net'
import { AgentError, type Input, type InputContext } from 'sluice/plugin'
import { Connection, type ConnectionParts } from './connection.js'
import { answerHeartbeats } from './heartbeat.js'
import type { ForwardOptions } from './options.js'
import { ownConnection } from './own-connection.js'
import { senderFields } from './sender-fields.js'
import { Taker } from './taker.js'

export type Settings = ForwardOptions & { readonly tag: string }

export function forwardInput(settings: Settings, context: InputContext): Input {
  const { read_timeout: readMs, idle_timeout: idleMs } = settings
  const server = { ...readStreamServer(settings), ...unixSocket(settings) }
  const parts = partsOf(settings, context)
  const connected = (socket: Socket): Promise<void> =>
    ownConnection(new Connection(socket, parts), { readMs, idleMs }, context)
  const heartbeats = settings.udp_heartbeat ? server.listen : []
  return {
    run: (signal) =>
      together(signal, (stop) => [
        serve({ ...server, connected }, context, stop),
        ...heartbeats.map((address) => answerHeartbeats(address, context, stop)),
      ]),
  }
}

/** Runs all until the signal is aborted or one of them fails; none is left behind. */
async function together(signal: AbortSignal, start: (stop: AbortSignal) => readonly Promise<void>[]): Promise<void> {
  const ending = new AbortController()
  const stop = (): void => ending.abort()
  signal.addEventListener('abort', stop, { once: true })
  if (signal.aborted) stop()
  const running = start(ending.signal)
  try {
    await Promise.all(running)
  } finally {
    stop()
    signal.removeEventListener('abort', stop)
    await Promise.allSettled(running)
  }
}

function partsOf(settings: Settings, context: InputContext): ConnectionParts {
  const { dedupe, tag, source_address_key: addressKey, source_hostname_key: hostnameKey } = settings
  const taker = {
    tag: tag === context.id ? undefined : tag,
    tagPrefix: settings.tag_prefix,
    inflatedBytes: settings.max_inflated_size,
    recent: dedupe === undefined ? undefined : new RecentChunks(dedupe, context.clock),
  }
  return {
    context,
    taker: new Taker(taker, context),
    buffers: new Buffers(context),
    settings: {
      door: doorOf(settings),
      longestMessage: settings.max_message_size,
      fieldsOf: (socket, client) => senderFields({ addressKey, hostnameKey }, socket, client),
    },
  }
}

/** Undefined where clients need to show nothing. Throws an AgentError `FORWARD_NO_KEY` for users alone. */
function doorOf({
  shared_key: key,
  empty_shared_key: empty,
  users,
  self_hostname,
}: Settings): DoorSettings | undefined {
  const hasUsers = Object.keys(users).length > 0
  if (key === undefined && !empty) {
    if (!hasUsers) return undefined
    throw new AgentError('FORWARD_NO_KEY', 'users: expected shared_key or empty_shared_key beside it, got neither')
  }
  return { hostname: self_hostname ?? hostname(), sharedKey: key ?? '', users: new Map(Object.entries(users)) }
}

function unixSocket({ unix_path: path, unix_perm: mode }: Settings): { readonly listen?: readonly ListenAddress[] } {
  if (path === undefined) return {}
  return { listen: [{ path, ...(mode === undefined ? {} : { mode: Number.parseInt(mode, 8) }) }] }
}
