import { connect, readTlsSettings, serverConnections, type ServerOf, type Target } from 'sluice/net'
import {
  type Clock,
  compileTemplate,
  type Output,
  type OutputContext,
  type outputOptions,
  type ValuesOf,
} from 'sluice/plugin'
import { compressionOf } from './compression.js'
import { Connection, type ConnectionSettings } from './connection.js'
import { ForwardOutput } from './forward-output.js'
import { loginOf } from './login.js'
import type { MessageSettings } from './message.js'
import type { forwardOptions } from './options.js'

export type ForwardOptions = ValuesOf<typeof forwardOptions & typeof outputOptions>

export function createForward(options: ForwardOptions, context: OutputContext): Output {
  const open = (server: ServerOf<ForwardOptions>, signal: AbortSignal) => openConnection(server, context.clock, signal)
  const connections = serverConnections(options, context, targetOf, open)
  for (const server of connections.servers) settingsOf(server, context.clock)
  const tag = options.tag === undefined ? undefined : compileTemplate(options.tag)
  return new ForwardOutput({ where: connections.where, connections, tag })
}

function targetOf({ host, port, unix_path: path }: ForwardOptions): Target {
  return path === undefined ? { host, port } : { path }
}

async function openConnection(
  server: ServerOf<ForwardOptions>,
  clock: Clock,
  signal: AbortSignal,
): Promise<Connection> {
  const { target, options } = server
  const { settings, login } = settingsOf(server, clock)
  const tls = readTlsSettings(options)
  const connection = new Connection(
    await connect(target, { timeoutMs: settings.connectTimeoutMs, signal, tls }),
    settings,
  )
  if (!login) return connection
  try {
    await connection.login(login, signal)
    return connection
  } catch (error) {
    connection.fail(error as Error)
    throw error
  }
}

/** What one server needs; throws where its options are at odds. */
function settingsOf({ where, options }: ServerOf<ForwardOptions>, clock: Clock) {
  const settings: ConnectionSettings = {
    where,
    connectTimeoutMs: options['net.connect_timeout'],
    ackTimeoutMs: options.ack_timeout,
    clock,
    message: messageSettingsOf(options),
  }
  return { settings, login: loginOf(options) }
}

function messageSettingsOf(options: ForwardOptions): MessageSettings {
  const { compress: name } = options
  return {
    ack: options.require_ack_response,
    compression: name === undefined ? undefined : { name, compress: compressionOf(name) },
    integerTimes: options.time_as_integer,
    metadata: options.retain_metadata,
    moreOptions: options.add_option,
  }
}
