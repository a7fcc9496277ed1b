import { serveDatagrams } from 'sluice/net'
import type { Input, InputContext } from 'sluice/plugin'
import { GatewayEvents } from './gateway-events.js'
import type { LorawanOptions } from './options.js'

/** Listens for gateways. Throws an AgentError where devices, gateways or keys are none. */
export function lorawanInput(options: LorawanOptions, context: InputContext): Input {
  const events = new GatewayEvents(options, context)
  return {
    run: (signal) =>
      serveDatagrams(options, context, signal, (bytes, from, send) => events.take(bytes, (ack) => send(ack, from))),
  }
}
