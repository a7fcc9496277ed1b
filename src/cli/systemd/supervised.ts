import type { Clock } from '../../base/clock.js'
import type { Logger } from '../../plugin/context.js'
import type { ServiceManager } from './service-manager.js'

/** What systemd sets for a service that is to tell how it fares (sd_notify(3), sd_watchdog_enabled(3)). */
const variables = ['NOTIFY_SOCKET', 'WATCHDOG_USEC', 'WATCHDOG_PID'] as const

/**
 * Whom to tell, where systemd started this process and wants to be told; undefined, and nothing loaded, everywhere else. The variables
 * are taken out of `env`: they are not for programs that the agent runs.
 */
export async function supervised(
  env: NodeJS.ProcessEnv,
  clock: Clock,
  log: Pick<Logger, 'warn'>,
): Promise<ServiceManager | undefined> {
  const [socket, watchdog, watched] = variables.map((name) => taken(env, name))
  if (!socket) return undefined
  const [{ openNotifySocket }, { ServiceManager }] = await Promise.all([
    import('./notify-socket.js'),
    import('./service-manager.js'),
  ])
  const opened = openNotifySocket(socket, clock)
  opened.catch(() => undefined) // whoever sends is told
  const manager = new ServiceManager({
    send: async (message) => (await opened)(message),
    clock,
    log,
    monotonicMicroseconds: () => process.hrtime.bigint() / 1000n,
  })
  const isWatched = watched === undefined || Number(watched) === process.pid
  if (isWatched && Number(watchdog) > 0) void manager.beat(Number(watchdog) / 1000 / 2)
  return manager
}

function taken(env: NodeJS.ProcessEnv, name: string): string | undefined {
  const value = env[name]
  delete env[name]
  return value
}
