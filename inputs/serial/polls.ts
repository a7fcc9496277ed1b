import { readByteText } from 'sluice/framing'
import { duration, type EventRecord, map, text, type ValuesOf } from 'sluice/plugin'

/** One request that is sent again and again. */
export const pollOptions = {
  request: text('Bytes to send, as `READ?\\r\\n`, `\\x05` or `0x0103000a`.', { required: true }),
  interval: duration('Time between two of them.', { minimum: 10 }),
  timeout: duration('Longest wait for the answer; what comes later has no `fields`.', { minimum: 1 }),
  fields: map('Fields that are added to the records of the answer.'),
} as const

export interface Poll {
  readonly request: Uint8Array
  readonly intervalMs: number
  readonly timeoutMs: number
  readonly fields: EventRecord
}

const usualIntervalMs = 10_000
const usualTimeoutMs = 1000

/** The options' polls, checked. `fields` are those of every record. */
export function pollsOf(
  polls: readonly ValuesOf<typeof pollOptions>[] = [],
  fields: EventRecord = {},
): readonly Poll[] {
  return polls.map((poll, at) => ({
    request: readByteText(`poll[${at}].request`, poll.request),
    intervalMs: poll.interval ?? usualIntervalMs,
    timeoutMs: poll.timeout ?? usualTimeoutMs,
    fields: { ...fields, ...poll.fields },
  }))
}
