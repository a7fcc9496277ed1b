import type { EntryWriter } from '../event/entry-writer.js'
import type { EventRecord, Value } from '../event/event.js'
import type { CanFrame } from './frame.js'

/**
 * A frame as a record, which inputs, codecs and filters agree on; flags that are not set, and a data length code that the length
 * says, are left out:
 *
 *     {"bus":"can0","direction":"rx","id":291,"extended":false,"length":2,"data":"1122"}
 *     {…,"fd":true,"brs":true,"esi":true}   {…,"remote":true}   {…,"error":true}   {…,"dlc":14}
 *
 * `data` is hexadecimal; of a remote request it is empty, and `length` how many bytes are asked for. The time of the frame is that
 * of the event.
 */
export function frameRecord(frame: CanFrame, bus: string): EventRecord {
  const record: Record<string, Value> = {
    bus,
    direction: frame.sent ? 'tx' : 'rx',
    id: frame.id,
    extended: frame.extended,
    length: frame.length,
    data: frame.remote ? '' : Buffer.from(frame.data.buffer, frame.data.byteOffset, frame.length).toString('hex'),
  }
  if (frame.fd) record['fd'] = true
  if (frame.bitRateSwitch) record['brs'] = true
  if (frame.errorState) record['esi'] = true
  if (frame.remote) record['remote'] = true
  if (frame.error) record['error'] = true
  if (hasRawDlc(frame)) record['dlc'] = frame.dlc
  return record
}

/** Writes the same record as msgpack, without making it. */
export class FrameRecordWriter {
  readonly #hex = new Uint8Array(128)

  /** What must stand before it, `writer.writeEntryHeader`, is the caller's. */
  write(writer: EntryWriter, frame: CanFrame, bus: string): void {
    writer.writeMapHeader(this.fieldCount(frame))
    this.writeFields(writer, frame, bus)
  }

  /** How many fields `writeFields` writes. */
  fieldCount(frame: CanFrame): number {
    return 6 + flagsOf(frame)
  }

  /** The fields alone, for a map that the caller has begun. */
  writeFields(writer: EntryWriter, frame: CanFrame, bus: string): void {
    writer.writeString('bus')
    writer.writeString(bus)
    writer.writeString('direction')
    writer.writeString(frame.sent ? 'tx' : 'rx')
    writer.writeString('id')
    writer.writeNumber(frame.id)
    writer.writeString('extended')
    writer.writeValue(frame.extended)
    writer.writeString('length')
    writer.writeNumber(frame.length)
    writer.writeString('data')
    writer.writeBytesAsString(this.#hex, 0, frame.remote ? 0 : hexOf(frame, this.#hex))
    writeFlags(writer, frame)
  }
}

function hasRawDlc({ fd, dlc }: CanFrame): boolean {
  return !fd && dlc > 8
}

function flagsOf(frame: CanFrame): number {
  const { fd, bitRateSwitch, errorState, remote, error } = frame
  return (
    Number(fd) + Number(bitRateSwitch) + Number(errorState) + Number(remote) + Number(error) + Number(hasRawDlc(frame))
  )
}

function writeFlags(writer: EntryWriter, frame: CanFrame): void {
  if (frame.fd) writeFlag(writer, 'fd')
  if (frame.bitRateSwitch) writeFlag(writer, 'brs')
  if (frame.errorState) writeFlag(writer, 'esi')
  if (frame.remote) writeFlag(writer, 'remote')
  if (frame.error) writeFlag(writer, 'error')
  if (!hasRawDlc(frame)) return
  writer.writeString('dlc')
  writer.writeNumber(frame.dlc)
}

function writeFlag(writer: EntryWriter, name: string): void {
  writer.writeString(name)
  writer.writeValue(true)
}

function hexOf({ data, length }: CanFrame, hex: Uint8Array): number {
  for (let index = 0; index < length; index++) {
    const byte = data[index] ?? 0
    hex[index * 2] = digitOf(byte >>> 4)
    hex[index * 2 + 1] = digitOf(byte & 15)
  }
  return length * 2
}

function digitOf(value: number): number {
  return value + (value < 10 ? 0x30 : 0x57)
}
