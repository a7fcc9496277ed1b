/** What an agent has one of, and its workers have none of. */

import type { StateStore } from '../../plugin/context.js'
import { AgentError } from '../../plugin/errors.js'
import type { Latest } from '../../plugin/latest.js'

/** State is one instance's, of which workers are several. */
export function noState(id: string): StateStore {
  const refuse = (): never => refused(id, 'state')
  return { get: refuse, set: refuse, delete: refuse, flush: () => Promise.resolve() }
}

export function noLatest(id: string): Latest {
  const refuse = (): never => refused(id, 'last values')
  return { get: refuse, list: refuse, set: refuse }
}

function refused(id: string, what: string): never {
  throw new AgentError('ENGINE_WORKER_STATE', `${id}: expected no ${what} of what runs in workers`)
}
