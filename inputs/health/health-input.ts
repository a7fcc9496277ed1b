import { connect } from 'sluice/net'
import { every, type EventRecord, type Input, type InputContext, messageOf } from 'sluice/plugin'

interface Settings {
  readonly interval: number
  readonly host: string
  readonly port: number
  readonly connect_timeout: number
  readonly alert: boolean
  readonly add_host: boolean
  readonly add_port: boolean
  readonly tag: string
}

export function healthInput(settings: Settings, context: InputContext): Input {
  return every(settings.interval, context, async (signal) => {
    const alive = await takesConnections(settings, context, signal)
    if (signal.aborted || (alive && settings.alert)) return
    context.emit(settings.tag, recordOf(alive, settings))
  })
}

/** Connects and hangs up: nothing is sent. Why a server did not answer is worth a line in the log, not a field. */
async function takesConnections(settings: Settings, context: InputContext, signal: AbortSignal): Promise<boolean> {
  const { host, port, connect_timeout: timeoutMs } = settings
  try {
    const socket = await connect({ host, port }, { timeoutMs, signal })
    socket.destroy()
    return true
  } catch (error) {
    if (!signal.aborted) context.log.debug(`not alive: ${messageOf(error)}`)
    return false
  }
}

function recordOf(alive: boolean, { host, port, add_host, add_port }: Settings): EventRecord {
  return { alive, ...(add_host ? { hostname: host } : {}), ...(add_port ? { port } : {}) }
}
