import { AgentError, messageOf } from 'sluice/plugin'

export interface AnswerSettings {
  readonly where: string
  readonly decode: (bytes: Uint8Array) => unknown
}

/**
 * What a server says: `{ack: id}` (Fluentd Forward Protocol Specification v1, "Response"), or `["HELO", …]` when it wants to
 * be shown a key first ("Handshake Messages"), which fails every delivery until the configuration is put right.
 */
export function readAnswer(
  frame: Uint8Array,
  { where, decode }: AnswerSettings,
): { readonly ack: string } | AgentError {
  let answer: unknown
  try {
    answer = decode(frame)
  } catch (error) {
    return new AgentError('FORWARD_ANSWER', `${where}: the server's answer is no msgpack: ${messageOf(error)}`)
  }
  if (isAck(answer)) return answer
  if (Array.isArray(answer) && answer[0] === 'HELO') {
    return new AgentError(
      'FORWARD_AUTHENTICATION',
      `${where}: the server asks for a shared key, which is not offered yet`,
    )
  }
  return new AgentError('FORWARD_ANSWER', `${where}: expected an acknowledgement, got something else`)
}

function isAck(answer: unknown): answer is { readonly ack: string } {
  return typeof answer === 'object' && answer !== null && 'ack' in answer && typeof answer.ack === 'string'
}
