import type { ServiceState } from 'sluice/http'
import { AgentError, type StateStore } from 'sluice/plugin'

const longestValue = 16 * 1024

/** Values as JSON in the state of the stage. */
export function stateOf(store: StateStore): ServiceState {
  return {
    get(key) {
      const text = store.get(key)
      return text === undefined ? undefined : JSON.parse(text)
    },
    set(key, value) {
      const text = JSON.stringify(value) ?? 'null'
      if (text.length > longestValue)
        throw new AgentError(
          'SERVICE_STATE',
          `state "${key}": expected at most ${longestValue} characters of JSON, got ${text.length}`,
        )
      store.set(key, text)
    },
    delete: (key) => store.delete(key),
    flush: () => store.flush(),
  }
}
