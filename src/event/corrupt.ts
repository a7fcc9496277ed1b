import { AgentError } from '../base/agent-error.js'

/** The error of bytes that are no entries, or are cut short. */
export function corrupt(at: number, expected: string, got: string): AgentError {
  return new AgentError('EVENT_CORRUPT', `entries: expected ${expected} at byte ${at}, got ${got}`)
}

export function truncated(at: number): AgentError {
  return corrupt(at, 'more bytes', 'the end')
}

export function hex(byte: number | undefined): string {
  return byte === undefined ? 'the end' : `0x${byte.toString(16).padStart(2, '0')}`
}

/** Whether a map or an array begins with this byte; as a key of a map, neither can be read. */
export function isComposite(first: number): boolean {
  return (first >= 0x80 && first < 0xa0) || (first >= 0xdc && first < 0xe0)
}
