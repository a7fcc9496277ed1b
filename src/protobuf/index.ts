/**
 * Protocol Buffers for plugins that read messages of it: one declaration of a message, two encodings.
 * @module
 */

export { fromJson } from './from-json.js'
export { fromWire } from './from-wire.js'
export { all, each, message, type MessageType, one, type Read } from './message.js'
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
