import { type HttpServerOptions, readServerOptions, serveHttp } from 'sluice/http'
import { type IngestSettings, ingestStage } from 'sluice/ingest'
import { sharedAddresses, sharingOf } from 'sluice/net'
import type { Input, InputContext } from 'sluice/plugin'

export type HttpInputOptions = IngestSettings & HttpServerOptions & { readonly workers: number }

export function httpInput(options: HttpInputOptions, context: InputContext): Input {
  const server = readServerOptions(options)
  const listen = sharedAddresses(server.listen, sharingOf(options.workers))
  const limits = partOf(server.limits, options.workers)
  const stages = [{ id: context.id, stage: ingestStage(options, context) }]
  const listening = (addresses: readonly string[]): void => context.log.info('listening', { addresses })
  return { run: (signal) => serveHttp({ ...server, listen, limits, stages, listening }, context, signal) }
}

type Limits = ReturnType<typeof readServerOptions>['limits']

/** What one worker lets in. */
function partOf(limits: Limits, workers: number): Limits {
  return {
    ...limits,
    connections: Math.ceil(limits.connections / workers),
    connectionsPerAddress: Math.ceil(limits.connectionsPerAddress / workers),
  }
}
