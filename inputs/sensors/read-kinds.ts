import { AgentError } from 'sluice/plugin'
import { type Kind, kinds } from './device.js'

/** Throws an AgentError `SENSORS_BAD_KIND`. */
export function readKinds(words: readonly string[]): Kind[] {
  return words.map((word) => {
    const kind = kinds.find((each) => each === word)
    if (kind !== undefined) return kind
    throw new AgentError('SENSORS_BAD_KIND', `kinds: expected some of ${kinds.join(', ')}, got "${word}"`)
  })
}
