import { AgentError } from '../base/agent-error.js'

/** How many maps and lists may lie in one another; the record itself is the first. What has more is refused at every edge. */
export const deepest = 64

export function tooDeep(): AgentError {
  return new AgentError('EVENT_TOO_DEEP', `record: expected at most ${deepest} maps and lists in one another, got more`)
}
