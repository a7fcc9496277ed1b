import { AgentError } from 'sluice/plugin'

export type Rename = (key: string) => string

export function prefixer(added: string | undefined, removed: string | undefined): Rename {
  if (added !== undefined && removed !== undefined) {
    throw new AgentError(
      'FILTER_NEST_PREFIX',
      'add_prefix: expected one of add_prefix and remove_prefix, got both; keep one',
    )
  }
  if (added !== undefined) return (key) => added + key
  if (removed !== undefined) return (key) => (key.startsWith(removed) ? key.slice(removed.length) : key)
  return (key) => key
}
