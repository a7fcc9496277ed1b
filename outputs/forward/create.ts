import { connect, KeptConnections, readTlsSettings, targetText } from 'sluice/net'
import { compileTemplate, type Output, type OutputContext, type outputOptions, type ValuesOf } from 'sluice/plugin'
import { Connection } from './connection.js'
import { ForwardOutput } from './forward-output.js'
import type { forwardOptions } from './options.js'

export type ForwardOptions = ValuesOf<typeof forwardOptions & typeof outputOptions>

export async function createForward(options: ForwardOptions, context: OutputContext): Promise<Output> {
  const { decode, encode } = await import('@msgpack/msgpack')
  const connections = new KeptConnections({
    open: opener(options, context, decode),
    keep: options['net.keepalive'],
    idleMs: options['net.keepalive_idle_timeout'],
    clock: context.clock,
  })
  return new ForwardOutput({
    where: targetText(targetOf(options)),
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

function targetOf({ host, port, unix_path: path }: ForwardOptions): Parameters<typeof connect>[0] {
  return path === undefined ? { host, port } : { path }
}

type Decode = (bytes: Uint8Array) => unknown

function opener(
  options: ForwardOptions,
  context: OutputContext,
  decode: Decode,
): (signal: AbortSignal) => Promise<Connection> {
  const target = targetOf(options)
  const settings = { where: targetText(target), ackTimeoutMs: options.ack_timeout, clock: context.clock, decode }
  return async (signal) => {
    const timeoutMs = options['net.connect_timeout']
    const socket = await connect(target, { timeoutMs, signal, tls: readTlsSettings(options) })
    return new Connection(socket, settings)
  }
}
