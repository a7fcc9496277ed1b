import { type Accessor, compileAccessor } from '../event/accessor.js'
import { AgentError } from './errors.js'

/** Reads the field that an option names. Throws an AgentError `PLUGIN_FIELD` where it names none. */
export function fieldAccessor(option: string, key: string): Accessor {
  const read = compileAccessor(key)
  if (read) return read
  throw new AgentError('PLUGIN_FIELD', `${option}: expected the name of a field, got "${key}"`)
}
