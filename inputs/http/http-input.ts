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

/** What one worker lets in: all of them together no more than the limits say, but each at least one connection. */
function partOf(limits: Limits, workers: number): Limits {
  const part = (all: number): number => Math.max(1, Math.floor(all / workers))
  return {
    ...limits,
    connections: part(limits.connections),
    connectionsPerAddress: part(limits.connectionsPerAddress),
  }
}
