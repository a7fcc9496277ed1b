/**
 * What a plugin may import, in this tree and outside it.
 * @module
 */

export type { Cancel, Clock } from '../base/clock.js'
export { nobody, PasswordChecks, type PasswordUser } from '../base/password-checks.js'
export { parsePasswordHash } from '../base/password-hash.js'
export { Pattern } from '../base/regex/pattern.js'
export { RecentMap } from '../base/recent-map.js'
export { TokenBucket } from '../base/token-bucket.js'
export { firstWord, unquote } from '../base/words.js'
export { type Accessor, compileAccessor, compileTemplate, type Template, valueText } from '../event/accessor.js'
export { cutEntries } from '../event/cut-entries.js'
export { dateKeyOf, dateText } from '../event/date-text.js'
export { compileDatedTemplate } from '../event/dated-template.js'
export { readEvents } from '../event/entry-reader.js'
export { countEntries, skipValue } from '../event/entry-skipper.js'
export { EntryWriter } from '../event/entry-writer.js'
export type { EncodedEvents, Event, EventRecord, Value } from '../event/event.js'
export { fieldText } from '../event/field-text.js'
export { JsonEntries } from '../event/json-entries.js'
export { JsonEntryError } from '../event/json-entry-error.js'
export { JsonEvents } from '../event/json-events.js'
export { jsonRecords } from '../event/json-records.js'
export { readJson } from '../event/json-reader.js'
export { LeadingFields } from '../event/leading-fields.js'
export { type JsonDateFormat, jsonDateFormats } from '../event/json-date.js'
export { type JsonOptions, toJson, writeJson } from '../event/json-writer.js'
export { readValue } from '../event/msgpack-reader.js'
export { isRecord, setField } from '../event/record.js'
export { type EventTime, fromNanoseconds, toEventTime, toIsoText, toMilliseconds } from '../event/event-time.js'
export { batchKey, BatchNotes } from './batch-notes.js'
export { type BulkAction, bulkActions } from './bulk-actions.js'
export {
  dated,
  filterOptions,
  formatted,
  inputOptions,
  outputOptions,
  parsed,
  parserOptions,
  scheduled,
} from './common-options.js'
export type {
  Ack,
  FilterContext,
  Formatter,
  Framing,
  InputContext,
  Logger,
  OutputContext,
  Parsed,
  Parser,
  PluginContext,
  Refuse,
  StateStore,
} from './context.js'
export {
  type Batch,
  type BatchChunk,
  type Codec,
  type CodecDefinition,
  defineCodec,
  defineFilter,
  defineInput,
  defineOutput,
  type Filter,
  type FilterDefinition,
  type Input,
  type InputDefinition,
  type Output,
  type OutputDefinition,
} from './define.js'
export { AgentError, type EventRun, messageOf, ParseError, PartialError, PermanentError, RetryLater } from './errors.js'
export type { Latest, LatestValue } from './latest.js'
export { every } from './every.js'
export { type DatedFormat, datedFormatter } from './dated-formatter.js'
export { fieldAccessor } from './field-accessor.js'
export { eventPayloads, type FieldPayload, fieldPayload, isTextType, type Payloads } from './payloads.js'
export { numberEvents } from './number-events.js'
export { askProgram, isDenied } from './ask-program.js'
export { loadBeside } from './load-beside.js'
export { type Framer, framerOf, type FramerOptions } from './framing.js'
export { RecordStream, type RecordStreamSettings, type StreamFraming } from './record-stream.js'
export { refuseBatch } from './refuse-batch.js'
export { bareHost, refuseUrlParts, type UrlPart } from './url-parts.js'
export { SettledPlaces } from './settled-places.js'
export {
  anything,
  choice,
  duration,
  type FilePaths,
  files,
  flag,
  integer,
  list,
  listOf,
  map,
  number,
  type Option,
  type Options,
  record,
  type Schema,
  secret,
  size,
  text,
  upstreamName,
  type UpstreamNode,
  type ValuesOf,
} from './options.js'
export { writeEach } from './write-each.js'
