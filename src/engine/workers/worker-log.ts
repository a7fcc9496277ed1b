import type { EventRecord } from '../../event/event.js'
import type { Logger } from '../../plugin/context.js'
import type { WorkerPort } from './worker-port.js'

/** The log lines of one instance of a worker, which the agent writes. */
export function portLogger(port: WorkerPort, id: string): Logger {
  const at =
    (level: keyof Logger) =>
    (message: string, fields?: EventRecord): void =>
      port.send({ kind: 'log', line: { id, level, message, fields } })
  return { error: at('error'), warn: at('warn'), info: at('info'), debug: at('debug') }
}
