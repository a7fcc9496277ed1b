import { type HttpServerOptions, readServerOptions, serveHttp, shareServer } from 'sluice/http'
import { type IngestSettings, ingestStage } from 'sluice/ingest'
import { tryListen } from 'sluice/net'
import type { Input, InputContext } from 'sluice/plugin'

export type HttpInputOptions = IngestSettings & HttpServerOptions & { readonly workers: number }

export function httpInput(options: HttpInputOptions, context: InputContext): Input {
  const server = shareServer(readServerOptions(options), options.workers)
  const stages = [{ id: context.id, stage: ingestStage(options, context) }]
  const listening = (addresses: readonly string[]): void => context.log.info('listening', { addresses })
  return {
    run: (signal) => serveHttp({ ...server, stages, listening }, context, signal),
    rehearse: () => tryListen(server.listen),
  }
}
