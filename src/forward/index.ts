/**
 * Fluentd's forward protocol, for both of its sides: the handshake, its digests, acknowledgements; and what a server takes:
 * messages cut out of a stream, read, decompressed, known again.
 * @module
 */

export { readAck, writeAck } from './ack.js'
export { Buffers } from './buffers.js'
export { passwordDigest, sameDigest, sharedKeyDigest, type Text } from './digests.js'
export { Door, type DoorSettings, longestPing } from './door.js'
export { Fields } from './fields.js'
export {
  type Helo,
  isHandshake,
  longestReason,
  type Ping,
  type Pong,
  readHelo,
  readPing,
  readPong,
  writeHelo,
  writePing,
  writePong,
} from './handshake.js'
export { inflate, isCompressed } from './inflate.js'
export type { MessageOptions } from './message-options.js'
export { MessageStream } from './message-stream.js'
export { type Message, readMessage } from './read-message.js'
export { RecentChunks } from './recent-chunks.js'
export { notTaken, Refusal, refusalOf } from './refusal.js'
