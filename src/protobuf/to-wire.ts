import type { Draft, MessageType, NamedField } from './message.js'
import { wire } from './wire-reader.js'
import { WireWriter } from './wire-writer.js'

/**
 * The bytes of a message. Fields that are undefined are left out, all others are written, zeros too; the numbers of a list stand
 * together in one field (Protocol Buffers, "Encoding", "Packed Repeated Fields").
 */
export function toWire<T>(type: MessageType<T>, draft: Draft<T>): Uint8Array {
  const writer = new WireWriter()
  writeMessage(writer, type, draft as Fields)
  return writer.take()
}

type Fields = Readonly<Record<string, unknown>>

function writeMessage(writer: WireWriter, type: MessageType<unknown>, fields: Fields): void {
  for (const field of type.fields) {
    const value = fields[field.name]
    if (value === undefined) continue
    if (field.count === 'one') writeField(writer, field, value)
    else writeList(writer, field, value as Iterable<unknown>)
  }
}

function writeList(writer: WireWriter, field: NamedField, values: Iterable<unknown>): void {
  const { scalar, number } = field
  if (!scalar || scalar.wireType === wire.length) {
    for (const value of values) writeField(writer, field, value)
    return
  }
  const list = [...values]
  if (list.length === 0) return
  writer.tag(number, wire.length)
  const start = writer.enter()
  for (const value of list) scalar.write(writer, value)
  writer.leave(start)
}

function writeField(writer: WireWriter, { number, scalar, message }: NamedField, value: unknown): void {
  writer.tag(number, scalar?.wireType ?? wire.length)
  if (!message) return scalar?.write(writer, value)
  const start = writer.enter()
  writeMessage(writer, message(), value as Fields)
  writer.leave(start)
}
