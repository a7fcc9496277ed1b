import { type HttpServerOptions, readServerOptions, serveHttp } from 'sluice/http'
import { type IngestSettings, ingestStage } from 'sluice/ingest'
import type { Input, InputContext } from 'sluice/plugin'

export function httpInput(settings: IngestSettings & HttpServerOptions, context: InputContext): Input {
  const server = readServerOptions(settings)
  const stages = [{ id: context.id, stage: ingestStage(settings, context) }]
  const listening = (addresses: readonly string[]): void =>
    context.log.info('listening', { addresses: addresses.join(', ') })
  return { run: (signal) => serveHttp({ ...server, stages, listening }, context, signal) }
}
