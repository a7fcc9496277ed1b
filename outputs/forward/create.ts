import { connect, readTlsSettings, serverConnections, type ServerOf, type Target } from 'sluice/net'
import { compileTemplate, type Output, type OutputContext, type outputOptions, type ValuesOf } from 'sluice/plugin'
import { Connection } from './connection.js'
import { ForwardOutput } from './forward-output.js'
import type { forwardOptions } from './options.js'

export type ForwardOptions = ValuesOf<typeof forwardOptions & typeof outputOptions>

export async function createForward(options: ForwardOptions, context: OutputContext): Promise<Output> {
  const { decode, encode } = await import('@msgpack/msgpack')
  const connections = serverConnections(options, context, targetOf, opener(context, decode))
  return new ForwardOutput({
    where: connections.where,
    connections,
    message: {
      ack: options.require_ack_response,
      gzip: options.compress === 'gzip',
      integerTimes: options.time_as_integer,
      moreOptions: options.add_option,
      encode,
    },
    tag: options.tag === undefined ? undefined : compileTemplate(options.tag),
  })
}

function targetOf({ host, port, unix_path: path }: ForwardOptions): Target {
  return path === undefined ? { host, port } : { path }
}

type Decode = (bytes: Uint8Array) => unknown

function opener(context: OutputContext, decode: Decode) {
  return async ({ where, target, options }: ServerOf<ForwardOptions>, signal: AbortSignal): Promise<Connection> => {
    const timeoutMs = options['net.connect_timeout']
    const socket = await connect(target, { timeoutMs, signal, tls: readTlsSettings(options) })
    return new Connection(socket, { where, ackTimeoutMs: options.ack_timeout, clock: context.clock, decode })
  }
}
