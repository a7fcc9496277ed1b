import { EntryWriter } from '../../event/entry-writer.js'
import type { Value } from '../../event/event.js'
import { sourceOf } from '../j1939/id.js'
import type { FrameIdentity } from './frame-pattern.js'

interface HeadMessage {
  readonly name: string
  readonly j1939: boolean
}

type Field = readonly [name: string, value: Value]

/** Fields as they are written, for a map that the caller begins. */
export interface EncodedFields {
  readonly bytes: Uint8Array
  readonly count: number
}

/** The fields that all records of one identifier on one bus have alike, written once. */
export interface RecordHeads {
  /** What the message is: its name, and the address of its sender on a bus of J1939. Nothing where nobody knows it. */
  readonly message: EncodedFields
  /** The same behind `bus`, `direction`, `id` and `extended`, of frames that came in, and that this machine sent. */
  readonly received: EncodedFields
  readonly sent: EncodedFields
}

export function recordHeadsOf(identity: FrameIdentity, message: HeadMessage | undefined): RecordHeads {
  const { bus, id, extended } = identity
  const named = message ? fieldsOf(message, id) : []
  const whole = (direction: string): EncodedFields =>
    encoded([['bus', bus], ['direction', direction], ['id', id], ['extended', extended], ...named])
  return { message: encoded(named), received: whole('rx'), sent: whole('tx') }
}

function fieldsOf({ name, j1939 }: HeadMessage, id: number): readonly Field[] {
  return j1939
    ? [
        ['message', name],
        ['source', sourceOf(id)],
      ]
    : [['message', name]]
}

function encoded(fields: readonly Field[]): EncodedFields {
  const writer = new EntryWriter()
  for (const [name, value] of fields) {
    writer.writeString(name)
    writer.writeValue(value)
  }
  return { bytes: writer.take(), count: fields.length }
}
