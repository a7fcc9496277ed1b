/**
 * Protocol Buffers for plugins: one declaration of a message, two encodings, both directions.
 * @module
 */

export { fromJson } from './from-json.js'
export { fromWire } from './from-wire.js'
export { all, type Draft, each, message, type MessageType, one, type Read } from './message.js'
export {
  bool,
  bytes,
  double,
  doubleBut,
  fixed32,
  fixed64,
  hex,
  int32,
  int64,
  sfixed64,
  sint32,
  sint64,
  string,
  uint32,
  uint64,
} from './scalars.js'
export { toJsonValue } from './to-json.js'
export { toWire } from './to-wire.js'
