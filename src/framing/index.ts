/**
 * Frames in streams of bytes, for inputs whose formats do not tell where a frame ends.
 * @module
 */

export { readByteText } from './byte-text.js'
export { type Checksum, checksumNames, checksumOf } from './checksum.js'
export { crcOf, type CrcParameters, type Sum } from './crc.js'
export { framingOptions, type FramingOptions, type FramingType, framingTypes } from './options.js'
export { framingOf, type FramingSettings, streamParser } from './stream-framing.js'
