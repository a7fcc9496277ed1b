/**
 * Knowledge of vehicles, without sockets.
 * @module
 */

export { dlcOf, lengthOf } from './dlc.js'
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
export { ObdCan, type ObdCanSettings } from './obd/can-client.js'
export { dtcText, dtcTexts } from './obd/dtc.js'
export {
  codesData,
  hexText,
  information,
  informationChecks,
  informationTexts,
  isAnswerTo,
  type ObdAnswer,
  parameterData,
  refusalIn,
  service,
} from './obd/messages.js'
export { type Parameter, type ParameterSignal, readParameter } from './obd/parameter.js'
export { parameters, pidNamed } from './obd/parameters.js'
export { supportedIn, supportedStep } from './obd/supported.js'
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
export { frameRecord, FrameRecordWriter } from './frame-record.js'
export { readFrameRecord } from './read-frame-record.js'
export { BusDecoders, type DbcPaths } from './report/bus-decoders.js'
export { FrameReporter, type ReportCounts, type ReportSettings } from './report/frame-reporter.js'
export { type IdBlock, selectedBlocks } from './report/id-blocks.js'
export { frameFields } from './report/record-fields.js'
export { compileSelection } from './report/selection.js'
export { compileThinning, type ThinningRule } from './report/thinning.js'
export { AscReader } from './text/asc-reader.js'
export { writeAscHeader, writeAscLine } from './text/asc-writer.js'
export { AsciiSink } from './text/ascii-sink.js'
export { CandumpReader } from './text/candump-reader.js'
export { writeCandumpLine, writeCompactFrame } from './text/candump-writer.js'
export { CanLog, type TakeFrame } from './text/can-log.js'
export { writeConsoleFrame } from './text/console-writer.js'
export { LineCutter } from './text/line-cutter.js'
export { type LineRecord, lineRecords } from './text/line-records.js'
export type { LineKind, LineReader, Timing } from './text/line-reader.js'
export { formatOf, type LogFormat, logFormats, readerOf } from './text/log-format.js'
export { SlcanReader } from './text/slcan-reader.js'
export { writeSlcan } from './text/slcan-writer.js'
export { TrcReader } from './text/trc-reader.js'
export { writeTrcHeader, writeTrcLine } from './text/trc-writer.js'
export { UdsClient, type UdsSettings } from './uds/client.js'
export { dataIdentifier, dataRequest, readData } from './uds/data-identifiers.js'
export { refusalText, responsePending } from './uds/refusals.js'
export {
  dtcReport,
  dtcRequest,
  type DtcStatus,
  type ExtendedData,
  extendedDataRequest,
  readDtcCount,
  readDtcs,
  readExtendedData,
  statusOf,
  supportedDtcRequest,
  type UdsDtc,
} from './uds/trouble-codes.js'
export { type AnswerFormat, readAnswers, type ReadAnswers } from './elm327/answers.js'
export { adapterLines, type AdapterWord, adapterWord } from './elm327/words.js'
export { type EcuCodes, type ObdLink, readCodes, readSupported, readVehicle } from './obd/vehicle.js'
export { reportOptions, reportSettings } from './report/report-options.js'
export { decodeOptionsOf, signalOptions } from './report/signal-options.js'
export { Deltas } from './report/deltas.js'
export { Network, type NetworkSettings } from './report/network.js'
