/**
 * Knowledge of vehicles, without sockets.
 * @module
 */

export { type CanFrame, copyFrame, emptyFrame, longestData } from './frame.js'
export {
  type AddressPair,
  extendedAddress,
  functionalEnd,
  type IdPair,
  type IsoTpAddress,
  type IsoTpEnd,
  mixedAddress,
  mixedFixedAddress,
  normalAddress,
  normalFixedAddress,
} from './isotp/address.js'
export { IsoTpLink, type IsoTpSettings } from './isotp/link.js'
export { type IsoTpFault, IsoTpReceiver, type ReceiverSettings } from './isotp/receiver.js'
export {
  destinationOf,
  globalAddress,
  type J1939Id,
  j1939Id,
  nullAddress,
  pgnOf,
  priorityOf,
  readJ1939Id,
  sourceOf,
} from './j1939/id.js'
export { addressClaimedPgn, type Name, readName } from './j1939/name.js'
export { type NetworkRecord, networkRecord, type NetworkRecordOptions } from './j1939/records.js'
export {
  activeTroublePgn,
  type Flash,
  type Lamp,
  previousTroublePgn,
  readTroubleMessage,
  type TroubleCode,
  type TroubleMessage,
} from './j1939/trouble-codes.js'
export { isFastPacket } from './nmea2000/fast-packet-pgns.js'
export { reassemblerOf, type ReassemblerSettings } from './transfers/reassembler-of.js'
export type { OnTransferFault, Reassembler, TransferFault } from './transfers/transfer.js'
export type { Dbc, DbcAttributes, DbcMessage, DbcProblem, DbcSignal, SignalSelector, SignalType } from './dbc/dbc.js'
export { parseDbc } from './dbc/parse-dbc.js'
export { type SignalChecksum, signalChecksums } from './decode/checksums.js'
export type { DecodeCounts } from './decode/counts.js'
export { type MessageDecoder, slot } from './decode/decoder.js'
export { compileDecoders, type DecodeOptions, type SignalDecoders } from './decode/decoders.js'
export { type LabelStyle, labelStyles } from './decode/fields.js'
export type { Quality, QualityRule } from './decode/quality.js'
