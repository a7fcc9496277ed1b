import { isHandshake, readAck } from 'sluice/forward'
import { AgentError, messageOf } from 'sluice/plugin'

/**
 * The chunk that a server acknowledges, or what is wrong with its answer: such as a HELO, by which it wants to be shown a key that
 * this side has none of (Fluentd Forward Protocol Specification v1, "Response", "Handshake Messages").
 */
export function readAnswer(frame: Uint8Array, where: string): string | AgentError {
  if (isHandshake(frame, 'HELO')) {
    return new AgentError('FORWARD_AUTHENTICATION', `${where}: the server asks for a key; write shared_key`)
  }
  try {
    return readAck(frame)
  } catch (error) {
    return new AgentError('FORWARD_ANSWER', `${where}: ${messageOf(error)}`, { cause: error })
  }
}
