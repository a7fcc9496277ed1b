import { untilStopped } from '../net/until-stopped.js'
import { HttpServer, type HttpServerSettings } from './http-server.js'
import type { ServerContext } from './server-context.js'

/**
 * Serves HTTP until the signal is aborted; then takes nothing new, lets requests that are being served end for a while, and closes
 * every connection. Throws an AgentError `NET_LISTEN` when it cannot listen on one of the addresses, or no longer.
 */
export async function serveHttp(
  settings: HttpServerSettings,
  context: ServerContext,
  signal: AbortSignal,
): Promise<void> {
  if (signal.aborted) return
  const server = new HttpServer(settings, context)
  const stopped = new AbortController()
  const running = settings.stages.map(async ({ stage }) => stage.run?.(stopped.signal))
  try {
    await untilStopped(signal, async (failed) => {
      for (const run of running) run.catch(failed)
      await server.listen(failed)
    })
  } finally {
    await server.stop()
    stopped.abort()
    await Promise.allSettled(running)
  }
}
