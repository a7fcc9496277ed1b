import { connect } from './connect.js'
import type { ServerOf } from './server.js'
import { readTlsSettings, type TlsOptions } from './tls-options.js'

/** What a probe goes by. */
export type ProbeOptions = TlsOptions & { readonly 'net.connect_timeout': number }

/** Resolves when a server can be connected to, with TLS where it is to speak that. */
export async function probeByConnecting(
  { target, options }: ServerOf<ProbeOptions>,
  signal: AbortSignal,
): Promise<void> {
  const timeoutMs = options['net.connect_timeout']
  const socket = await connect(target, { timeoutMs, signal, tls: readTlsSettings(options) })
  socket.destroy()
}
