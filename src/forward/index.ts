/**
 * Fluentd's forward protocol, for both of its sides: the handshake, its digests, acknowledgements.
 * @module
 */

export { readAck, writeAck } from './ack.js'
export { passwordDigest, sameDigest, sharedKeyDigest, type Text } from './digests.js'
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
export { ValueReader } from './value-reader.js'
