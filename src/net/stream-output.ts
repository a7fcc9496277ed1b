import type { OutputContext } from '../plugin/context.js'
import type { Batch } from '../plugin/define.js'
import type { ValuesOf } from '../plugin/options.js'
import { connect } from './connect.js'
import { type Outgoing, SendingOutput } from './sending-output.js'
import { serverConnections } from './server-connections.js'
import type { ServerOf } from './server.js'
import type { streamOptions } from './stream-options.js'
import { StreamSender } from './stream-sender.js'
import type { Target } from './target.js'
import { readTlsSettings } from './tls-options.js'

export interface StreamParts<O extends ValuesOf<typeof streamOptions>> {
  readonly options: O
  readonly targetOf: (options: O) => Target
  readonly encode: (batch: Batch) => Outgoing<Uint8Array>
}

/** An output that writes batches to a stream, over TCP, TLS or a unix socket. */
export function streamOutput<O extends ValuesOf<typeof streamOptions>>(
  { options, targetOf, encode }: StreamParts<O>,
  context: OutputContext,
): SendingOutput<Uint8Array> {
  const open = async ({ where, target, options: own }: ServerOf<O>, signal: AbortSignal): Promise<StreamSender> => {
    const timeoutMs = own['net.connect_timeout']
    const socket = await connect(target, { timeoutMs, signal, tls: readTlsSettings(own) })
    return new StreamSender(socket, { where, timeoutMs: own['net.io_timeout'], clock: context.clock })
  }
  const connections = serverConnections(options, context, targetOf, open)
  return new SendingOutput({ where: connections.where, connections, encode })
}
