import type { EventRecord } from 'sluice/plugin'
import { FrameReader } from './frame-reader.js'
import { legacySamples, modernSamples } from './pins.js'
import { modemStatus, nodeIdentification, remoteAnswer, sensorReadings } from './reports.js'

export const frameKinds = ['data', 'samples', 'sensors', 'node_identification', 'modem_status', 'remote_at'] as const

export type FrameKind = (typeof frameKinds)[number]

/** What a frame says. */
export interface ApiFrame {
  readonly kind: FrameKind
  /** The 64-bit address of the sender as 16 hex digits, or else its 16-bit address as four; undefined of the module itself. */
  readonly source?: string | undefined
  /** Of the sender, for each of its records: `src_addr16`, `rssi` in dBm, endpoints. */
  readonly fields: EventRecord
  /** Of `data`. */
  readonly payload?: Buffer
  /** Of all others. */
  readonly records: readonly EventRecord[]
}

type Read = (reader: FrameReader) => ApiFrame

/** Frame types (Digi, XBee user guides, "Frame descriptions"). */
const reads: { readonly [type: number]: Read } = {
  0x80: (reader) => withPayload(reader, legacySender(reader, 8)),
  0x81: (reader) => withPayload(reader, legacySender(reader, 2)),
  0x82: (reader) => withRecords('samples', legacySender(reader, 8), legacySamples(reader)),
  0x83: (reader) => withRecords('samples', legacySender(reader, 2), legacySamples(reader)),
  0x8a: (reader) => ({ kind: 'modem_status', fields: {}, records: [modemStatus(reader)] }),
  0x90: (reader) => withPayload(reader, sender(reader)),
  0x91: (reader) => withPayload(reader, explicitSender(reader)),
  0x92: (reader) => withRecords('samples', sender(reader), modernSamples(reader)),
  0x94: (reader) => withRecords('sensors', sender(reader), [sensorReadings(reader)]),
  0x95: (reader) => withRecords('node_identification', sender(reader), [nodeIdentification(reader)]),
  0x97: remoteFrame,
}

/** Frame data to what it says; undefined of a type that is not taken. Throws `XBEE_SHORT`. */
export function readFrame(frame: Buffer): ApiFrame | undefined {
  const reader = new FrameReader(frame)
  return reads[reader.u8()]?.(reader)
}

type Sender = Pick<ApiFrame, 'source' | 'fields'>

/** Says that a module does not know an address. */
const unknown16 = 'fffe'
const unknown64 = 'ffffffffffffffff'

/** Address, signal strength as its negative, options. */
function legacySender(reader: FrameReader, addressBytes: number): Sender {
  const source = reader.hex(addressBytes)
  const rssi = -reader.u8()
  reader.u8()
  return { source, fields: { rssi } }
}

/** Both addresses, options. */
function sender(reader: FrameReader): Sender {
  const found = addresses(reader)
  reader.u8()
  return found
}

function explicitSender(reader: FrameReader): Sender {
  const { source, fields } = addresses(reader)
  const src_endpoint = reader.u8()
  const dst_endpoint = reader.u8()
  const cluster = reader.u16()
  const profile = reader.u16()
  reader.u8()
  return { source, fields: { ...fields, src_endpoint, dst_endpoint, cluster, profile } }
}

function addresses(reader: FrameReader): Sender {
  const long = reader.hex(8)
  const short = reader.hex(2)
  return { source: long === unknown64 ? short : long, fields: short === unknown16 ? {} : { src_addr16: short } }
}

function remoteFrame(reader: FrameReader): ApiFrame {
  const id = reader.u8()
  return withRecords('remote_at', addresses(reader), [{ ...remoteAnswer(reader), frame_id: id }])
}

function withPayload(reader: FrameReader, from: Sender): ApiFrame {
  return { kind: 'data', ...from, payload: reader.rest(), records: [] }
}

function withRecords(kind: FrameKind, from: Sender, records: readonly EventRecord[]): ApiFrame {
  return { kind, ...from, records }
}
