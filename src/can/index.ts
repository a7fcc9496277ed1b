/**
 * Knowledge of vehicles, without sockets.
 * @module
 */

export type { Dbc, DbcMessage, DbcSignal } from './dbc/dbc.js'
export { parseDbc } from './dbc/parse-dbc.js'
export type { DecodeCounts } from './decode/counts.js'
export { type MessageDecoder, slot } from './decode/decoder.js'
export { compileDecoders, type DecodeOptions, type SignalDecoders } from './decode/decoders.js'
export { type LabelStyle, labelStyles } from './decode/fields.js'
export type { QualityRule } from './decode/quality.js'
export { readAnswers } from './elm327/answers.js'
export { adapterLines, type AdapterWord, adapterWord } from './elm327/words.js'
export { frameRecord } from './frame-record.js'
export { type CanFrame, copyFrame, emptyFrame } from './frame.js'
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
export { ObdCan } from './obd/can-client.js'
export { hexText, isAnswerTo, type ObdAnswer, refusalIn } from './obd/messages.js'
export { ParameterReader, type ParameterTrouble, pidText } from './obd/parameter-reader.js'
export { parameters, pidNamed, unitsOf } from './obd/parameters.js'
export { type ObdLink, readCodes, readVehicle } from './obd/vehicle.js'
export { readFrameRecord } from './read-frame-record.js'
export { BusDecoders, type DbcPaths } from './report/bus-decoders.js'
export { Deltas } from './report/deltas.js'
export { FrameReporter, type ReportSettings } from './report/frame-reporter.js'
export { selectedBlocks } from './report/id-blocks.js'
export { Network } from './report/network.js'
export { frameFields } from './report/record-fields.js'
export { reportOptions, reportSettings } from './report/report-options.js'
export { compileSelection } from './report/selection.js'
export { decodeOptionsOf, signalOptions } from './report/signal-options.js'
export { tellDecoded } from './report/tell-decoded.js'
export { compileThinning } from './report/thinning.js'
export { AscReader } from './text/asc-reader.js'
export { writeAscHeader, writeAscLine } from './text/asc-writer.js'
export { AsciiSink } from './text/ascii-sink.js'
export { CanLog } from './text/can-log.js'
export { type ChannelLog, channelLogFormatter } from './text/channel-log.js'
export { CandumpReader } from './text/candump-reader.js'
export { writeCandumpLine, writeCompactFrame } from './text/candump-writer.js'
export { writeConsoleFrame } from './text/console-writer.js'
export type { LineKind, LineReader, Timing } from './text/line-reader.js'
export { lineRecords } from './text/line-records.js'
export { type LogFormat, logFormats } from './text/log-format.js'
export { SlcanReader } from './text/slcan-reader.js'
export { writeSlcan } from './text/slcan-writer.js'
export { TrcReader } from './text/trc-reader.js'
export { writeTrcHeader, writeTrcLine } from './text/trc-writer.js'
export { UdsClient, type UdsSettings } from './uds/client.js'
export { dataIdentifier, dataRequest, readData } from './uds/data-identifiers.js'
export { type DataItem, DataReader, type DataTrouble } from './uds/data-reader.js'
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
  readPresentDtcs,
  statusOf,
  supportedDtcRequest,
  type UdsDtc,
} from './uds/trouble-codes.js'
